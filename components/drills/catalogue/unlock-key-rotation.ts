import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, StagedBackup, StagedKey } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { awaitKeyFiles, type KeyFile, keyFile, lockForDrill } from "./key-files.ts";
import { ending, type Said, said } from "./said.ts";
import { engineState } from "./stranger.ts";

/** Seconds that a key gets on a machine which can reach nobody: a wrong one is refused at once, the right one waits. */
const ALONE = 8;

/** What two keys did to one locked manager. */
interface Tried {
  readonly state: string;
  readonly newKey: Said;
  readonly oldKey: Said;
}

interface Facts {
  readonly keys: { readonly old: string; readonly new: string; readonly end: string };
  /** Key files of the managers that were there before and after the rotation. */
  readonly before: readonly KeyFile[];
  readonly after: readonly KeyFile[];
  /** The manager that was off during the rotation: it still asks for the old key. */
  readonly away: Tried & { readonly name: string };
  /** The same one started again after it has heard of the rotation. */
  readonly again: Tried;
  readonly backup: Tried & { readonly key: string };
}

/** The backup on a machine with its manager's address that reaches nobody. */
async function tryBackup(stage: Stage, backup: StagedBackup, old: StagedKey, key: StagedKey) {
  const home = stage.managers.find(({ name }) => name === backup.manifest.node.name);
  if (home === undefined) throw new Error(`${backup.manifest.node.name} is no manager of this lab`);
  const machine = await stage.newMachine(home, "archive", "isolated");
  await stage.placeBackup(backup, machine);
  await stage.start(machine);
  const state = await engineState(stage, machine, "locked");
  const newKey = said(await stage.unlock(machine, key, ALONE));
  const oldKey = said(await stage.unlock(machine, old, ALONE));
  const keyHash = backup.manifest.unlockKey?.hash ?? "";
  stage.fact("backup", { state, newKey, oldKey, key: keyHash });
  await stage.kill(machine);
  await stage.removeMachine(machine);
}

async function start(stage: Stage, node: NodeHandle): Promise<string> {
  await stage.start(node);
  return engineState(stage, node, "locked");
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "autolock, a backup of that time, and writers");
  const old = await lockForDrill(stage);
  const backup = await stage.backUp();
  await stage.startTraffic();
  const leader = await stage.leader();
  const away = stage.managers.find(({ name }) => name !== leader.name);
  if (away === undefined) throw new Error("a lab without a second manager");
  const there = stage.managers.filter(({ name }) => name !== away.name);
  stage.phase("break", `the unlock key is rotated while ${away.name} is off`);
  const before = await Promise.all(there.map((node) => keyFile(stage, node)));
  stage.fact("before", before);
  stage.mark("fault");
  await stage.stop(away);
  await stage.on(leader, "docker swarm unlock-key --rotate -q >/dev/null");
  const key = await stage.currentKey();
  if (key === undefined) throw new Error("there is no unlock key after the rotation");
  const least = Math.max(...before.map(({ version }) => version));
  const newer = ({ version }: KeyFile) => version > least;
  stage.fact("after", await awaitKeyFiles(stage, there, newer, "sealed with the new key"));
  stage.phase("prove", "the new key does not open what has not heard of it");
  const state = await start(stage, away);
  const newKey = said(await stage.unlock(away, key, 25));
  stage.phase("recover", "the old key does");
  const oldKey = said(await stage.unlock(away, old, 60));
  stage.fact("away", { name: away.name, state, newKey, oldKey });
  await keepQuorum(stage);
  await awaitKeyFiles(stage, [away], newer, "sealed with the new key");
  stage.phase("verify", "from then on only the new key opens it, and the old key the old backup");
  await stage.stop(away);
  const once = { state: await start(stage, away) };
  const refused = said(await stage.unlock(away, old, 25));
  stage.fact("again", {
    ...{ ...once, oldKey: refused, newKey: said(await stage.unlock(away, key, 60)) },
  });
  await keepQuorum(stage);
  stage.mark("healed");
  await tryBackup(stage, backup, old, key);
  await stage.moreWrites(30, 60);
  stage.fact("keys", { old: old.hash, new: key.hash, end: (await stage.currentKey())?.hash ?? "" });
}

const invalid = ({ code, text }: Said) => code !== 0 && /invalid key/.test(text);

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { keys, away, again, backup } = seen;
  const both = (one: Tried) =>
    `${one.state}; new key: ${ending(one.newKey)}; old key: ${ending(one.oldKey)}`;
  const versions = (files: readonly KeyFile[]) =>
    files.map(({ version, sealed }) => `${version}${sealed ? "" : " open"}`).join(", ");
  return [
    checkThat(
      "the unlock key is another",
      `not ${keys.old.slice(0, 12)}, and it stays`,
      `${keys.new.slice(0, 12)}, ${keys.end.slice(0, 12)}`,
      keys.old !== keys.new && keys.new === keys.end,
    ),
    checkThat(
      "managers that are there seal their key files with it",
      `later than ${versions(seen.before)}, sealed`,
      versions(seen.after),
      seen.after.length > 0 &&
        seen.after.length === seen.before.length &&
        seen.after.every(
          ({ version, sealed }) =>
            sealed && seen.before.every((file) => file.sealed && file.version < version),
        ),
    ),
    checkThat(
      "a manager that was off refuses the new key and opens with the old one",
      "locked; new key: invalid key; old key: code 0",
      both(away),
      away.state === "locked" && invalid(away.newKey) && away.oldKey.code === 0,
    ),
    checkThat(
      "once it has heard of the rotation it is the other way round",
      "locked; new key: code 0; old key: invalid key",
      both(again),
      again.state === "locked" && invalid(again.oldKey) && again.newKey.code === 0,
    ),
    checkThat(
      "a backup from before needs the key from before",
      `locked; new key: invalid key; old key: not refused in ${ALONE} s (alone, it waits for a quorum)`,
      both(backup),
      backup.state === "locked" &&
        invalid(backup.newKey) &&
        (backup.oldKey.code === 0 || (backup.oldKey.code === 124 && !invalid(backup.oldKey))),
    ),
    checkEqual("the backup's manifest says which", keys.old, backup.key),
    checkQuorum(facts),
  ];
}

/** D2 and A10: which key opens what, once there are two. */
export const unlockKeyRotation: Drill = {
  name: "unlock-key-rotation",
  question: "I rotated the unlock key. May I delete the old one?",
  minutes: 1.5,
  minimumWrites: 20,
  claims: [
    {
      says: "The unlock key is kept in a password manager; after a rotation the new one replaces it.",
      shows:
        "A manager that was off during the rotation opens only with the old key, and every backup only with the key of its time.",
      holds: "partly",
    },
  ],
  needs: (ground) =>
    need.all(need.spareMachine(ground), need.managers(ground, 3), need.expendable(ground)),
  run,
  judge,
};
