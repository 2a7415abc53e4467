import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import type { Captured } from "../../process.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, StagedBackup, StagedKey } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { judgeRestore } from "./whole-restore.ts";

/** What a command said, and how it ended: 124 when it had to be ended. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** A restart of one manager, and what opened it again. Keys are told by their hashes. */
export interface Restarted {
  readonly state: string;
  readonly oldKey: Said;
  readonly newKey: Said;
  readonly sealed: boolean;
}

export interface AutolockFacts {
  readonly documented: {
    readonly started: string;
    readonly forcedLocked: Said;
    readonly unlocked: Said;
    readonly forced: Said;
    readonly stopSeconds: number;
    readonly exitCode: number;
  };
  readonly keys: { readonly backup: string; readonly restored: string };
  readonly restarted: Restarted;
  readonly together: {
    readonly nodes: readonly string[];
    readonly states: readonly string[];
    readonly unlocked: readonly Said[];
    readonly seconds: number;
    readonly before: Pick<SwarmFingerprint, "clusterId" | "settings">;
    readonly after: Pick<SwarmFingerprint, "clusterId" | "settings">;
  };
}

const KEY_FILE = "/var/lib/docker/swarm/certificates/swarm-node.key";
const STATE = "docker info --format '{{.Swarm.LocalNodeState}}'";
const SEALED = `head -n 1 ${KEY_FILE}`;
/** Seconds after which a command that ought to be done is called one that blocks. */
const BLOCKED = 25;

/** The same for unlocking, which takes up to 70 s where a quorum is unlocked at once. */
const NEVER = 90;

const said = ({ code, stdout, stderr }: Captured): Said => ({
  code,
  text: `${stdout.trim()} ${stderr.trim()}`.trim().slice(0, 300),
});

/** Waits until a node's engine is in a state, or says which other one it is in. */
function awaitState(stage: Stage, node: NodeHandle, wanted: string): Promise<string> {
  return stage.until<string>(`${node.name} is ${wanted}`, 60, async () => {
    const { code, stdout } = await stage.try(node, STATE);
    const state = stdout.trim();
    if (code !== 0) return { waiting: "its engine does not answer" };
    return state === wanted ? { done: state } : { waiting: `it is ${state}` };
  });
}

async function awaitSealed(stage: Stage, nodes: readonly NodeHandle[], sealed: boolean) {
  for (const node of nodes)
    await stage.until<true>(
      `key file ${sealed ? "sealed" : "open"} on ${node.name}`,
      30,
      async () =>
        (await stage.on(node, SEALED)).includes("ENCRYPTED") === sealed
          ? { done: true }
          : { waiting: "not yet" },
    );
}

/** The order of the manual: start, unlock, force. Ends with the engine killed, as nothing else ends it. */
async function documentedWay(stage: Stage, backup: StagedBackup, node: NodeHandle, key: StagedKey) {
  stage.phase("prove", "the documented way: start, unlock, --force-new-cluster");
  await stage.placeBackup(backup, node);
  await stage.start(node);
  const started = await awaitState(stage, node, "locked");
  const force = `docker swarm init --force-new-cluster --advertise-addr ${node.address}`;
  const forcedLocked = said(await stage.try(node, force, { seconds: BLOCKED }));
  const unlocked = said(await stage.unlock(node, key, NEVER));
  const forced = said(await stage.try(node, force, { seconds: BLOCKED }));
  const from = Date.now();
  await stage.stop(node);
  const stopSeconds = (Date.now() - from) / 1000;
  const exitCode = await stage.exitCode(node);
  stage.fact("documented", { started, forcedLocked, unlocked, forced, stopSeconds, exitCode });
}

/** Restarts a manager: locked, refused with the old key, opened with the new one. */
async function restart(stage: Stage, node: NodeHandle, old: StagedKey, key: StagedKey) {
  await awaitSealed(stage, stage.managers, true);
  await stage.stop(node);
  await stage.start(node);
  const state = await awaitState(stage, node, "locked");
  const oldKey = said(await stage.unlock(node, old, BLOCKED));
  const newKey = said(await stage.unlock(node, key, 60));
  await stage.whole(90);
  const sealed = (await stage.on(node, SEALED)).includes("ENCRYPTED");
  stage.fact("restarted", { state, oldKey, newKey, sealed });
}

/** The only way without any tool: as many managers as make a quorum, each from its own backup, unlocked at once. */
async function together(stage: Stage, key: StagedKey): Promise<void> {
  stage.phase("recover", "a quorum of managers, each from its own backup, unlocked at once");
  const before = await stage.fingerprint();
  const leader = await stage.leader();
  const others = stage.managers.filter(({ name }) => name !== leader.name);
  const nodes = others.slice(0, Math.floor(stage.managers.length / 2) + 1);
  const backups: StagedBackup[] = [];
  for (const { name } of nodes) backups.push(await stage.backUp({ node: name }));
  await Promise.all(stage.managers.map((node) => stage.kill(node)));
  await Promise.all(stage.managers.map((node) => stage.wipe(node)));
  for (const [index, node] of nodes.entries()) {
    const backup = backups[index];
    if (backup !== undefined) await stage.placeBackup(backup, node);
  }
  await Promise.all(nodes.map((node) => stage.start(node)));
  const states = await Promise.all(nodes.map((node) => awaitState(stage, node, "locked")));
  const from = Date.now();
  const unlocked = await Promise.all(nodes.map((node) => stage.unlock(node, key, 90)));
  const seconds = (Date.now() - from) / 1000;
  const after = await stage.until<SwarmFingerprint>("they elect a leader", 60, async () => {
    const found = await stage.fingerprint().catch((error: Error) => error);
    return found instanceof Error ? { waiting: found.message } : { done: found };
  });
  const short = ({ clusterId, settings }: SwarmFingerprint) => ({ clusterId, settings });
  stage.fact("together", {
    ...{ nodes: nodes.map(({ name }) => name), states, unlocked: unlocked.map(said), seconds },
    ...{ before: short(before), after: short(after) },
  });
  for (const node of stage.managers.filter((one) => !nodes.includes(one))) {
    const wanted = before.nodes.find(({ hostname }) => hostname === node.name);
    if (wanted === undefined) continue;
    const ghost = `docker node demote ${wanted.id} >/dev/null; docker node rm --force ${wanted.id}`;
    await stage.until<true>(`the entry of the lost ${node.name} is removed`, 60, async () => {
      const { code, stderr } = await stage.try(await stage.leader(), ghost);
      return code === 0 ? { done: true } : { waiting: stderr.trim() };
    });
    await stage.rejoin(node, wanted);
  }
  await stage.whole(120);
}

/** Leaves autolock as it was also when the drill fails midway and any manager still leads. */
async function run(stage: Stage): Promise<void> {
  const had = (await stage.fingerprint()).settings.autolock;
  try {
    await lockAndRestore(stage);
  } catch (error) {
    for (const node of had ? [] : stage.managers)
      await stage.try(node, "docker swarm update --autolock=false >/dev/null", { seconds: 10 });
    throw error;
  }
  stage.phase("restore-lab", "autolock as it was");
  if (had) return;
  await stage.autolock(false);
  await awaitSealed(stage, stage.managers, false);
}

async function lockAndRestore(stage: Stage): Promise<void> {
  stage.phase("plant", "autolock on, writers, a backup, more writes");
  const old = await stage.autolock(true);
  if (old === undefined) throw new Error("autolock was switched on, and there is no unlock key");
  await awaitSealed(stage, stage.managers, true);
  await stage.startTraffic();
  stage.fact("secretsBefore", await stage.secretHashes());
  const backup = await stage.backUp();
  stage.fact("manifest", backup.manifest);
  await stage.moreWrites(60, 60);
  stage.fact("containersBefore", await stage.containers());
  await loseManagers(stage);
  const node = stage.managers.find(({ name }) => name === backup.manifest.node.name);
  if (node === undefined) throw new Error(`${backup.manifest.node.name} is no manager of the lab`);
  await documentedWay(stage, backup, node, old);
  stage.phase("recover", "the key file opened with the unlock key before the engine starts");
  const restored = await stage.restore(backup);
  stage.fact("containersAfter", await stage.containers());
  stage.fact("restored", restored);
  stage.mark("healed");
  stage.phase("verify", "identity, tasks, secrets, writes, and autolock with a new key");
  await firstWrite(stage);
  stage.fact("after", await stage.fingerprint());
  const key = await stage.currentKey();
  if (key === undefined) throw new Error("autolock is not on after the restore");
  stage.fact("keys", { backup: backup.manifest.unlockKey?.hash, restored: key.hash });
  await stage.moreWrites(60, 90);
  await startTasksAnew(stage);
  stage.fact("secretsAfter", await stage.secretHashes());
  await stage.endTraffic();
  const leader = await stage.leader();
  const follower = stage.managers.find(({ name }) => name !== leader.name);
  if (follower !== undefined) await restart(stage, follower, old, key);
  await together(stage, key);
}

function judge(evidence: Evidence): Check[] {
  const { documented, keys, restarted, together } = evidence.facts as unknown as AutolockFacts;
  const ends = ({ code, text }: Said) => `code ${code}${text ? `: ${text}` : ""}`;
  return [
    checkEqual("the restored manager starts locked", "locked", documented.started),
    checkThat(
      "a new cluster cannot be forced while it is locked",
      "refused",
      ends(documented.forcedLocked),
      documented.forcedLocked.code === 1 && documented.forcedLocked.text !== "",
    ),
    checkThat(
      "the documented way: unlocking never ends",
      `no answer in ${NEVER} s`,
      ends(documented.unlocked),
      documented.unlocked.code === 124,
    ),
    checkThat(
      "the documented way: forcing a new cluster does not work then either",
      "no answer, or a refusal",
      ends(documented.forced),
      documented.forced.code !== 0,
    ),
    checkThat(
      "its engine does not stop any more",
      "killed, code 137",
      `code ${documented.exitCode} after ${documented.stopSeconds.toFixed(1)} s`,
      documented.exitCode === 137,
    ),
    ...judgeRestore(evidence),
    checkThat(
      "autolock has a new unlock key",
      `another than ${keys.backup.slice(0, 12)}`,
      keys.restored.slice(0, 12),
      keys.restored !== keys.backup,
    ),
    checkEqual("a restarted manager is locked", "locked", restarted.state),
    checkThat(
      "the old key does not open it",
      "invalid key provided",
      ends(restarted.oldKey),
      restarted.oldKey.code !== 0 && /invalid key/.test(restarted.oldKey.text),
    ),
    checkEqual("the new key opens it", 0, restarted.newKey.code),
    checkThat(
      "its key file is sealed",
      "BEGIN ENCRYPTED PRIVATE KEY",
      restarted.sealed ? "BEGIN ENCRYPTED PRIVATE KEY" : "another",
      restarted.sealed,
    ),
    checkThat(
      "a quorum from its own backups opens when it is unlocked at once",
      `${together.nodes.length} managers, code 0`,
      together.unlocked.map(ends).join("; "),
      together.nodes.length > 1 &&
        together.states.every((state) => state === "locked") &&
        together.unlocked.length === together.nodes.length &&
        together.unlocked.every(({ code }) => code === 0),
    ),
    checkEqual("which is the same cluster", together.before.clusterId, together.after.clusterId),
    checkEqual(
      "and has autolock without being told",
      { autolock: true },
      { autolock: together.after.settings.autolock },
    ),
  ];
}

/** A6: a restore with autolock: the documented way, then two that work. */
export const restoreAutolocked: Drill = {
  name: "restore-autolocked",
  question: "My managers were locked with an unlock key. Does my backup start, and who opens it?",
  minutes: 9,
  minimumWrites: 20,
  limits: [
    "An engine in FIPS mode seals its key file in another way, which is refused and was not tried.",
  ],
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 1),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge,
};
