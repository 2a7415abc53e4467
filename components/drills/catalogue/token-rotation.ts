import { type SwarmFingerprint, sha256 } from "../../backup/fingerprint.ts";
import { type TokenFound, tokensIn } from "../../swarm/tokens-in-text.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { ending, type Said } from "./said.ts";
import {
  askToJoin,
  awaitEntry,
  engineState,
  entriesOf,
  entryIndex,
  joinToken,
  removeEntries,
  stranger,
} from "./stranger.ts";

interface Facts {
  /** What the search for tokens says of the file that the token was in. */
  readonly leak: readonly TokenFound[];
  readonly before: Pick<SwarmFingerprint, "tokens" | "caFingerprint" | "nodes">;
  readonly after: Pick<SwarmFingerprint, "tokens" | "caFingerprint" | "nodes">;
  /** SHA-256 of the part of the worker's token that names the root CA. */
  readonly caPart: { readonly before: string; readonly after: string };
  /** With the leaked token before the rotation, then again after it, then with the new one. */
  readonly joined: Said;
  readonly refused: Said;
  readonly joinedNew: Said;
  /** Node id of the intruder: as it joined, as it is Ready after rotation and a restart. */
  readonly intruder: { readonly before: string; readonly after: string };
  readonly entriesAfterRemoval: readonly string[];
}

const short = ({ tokens, caFingerprint, nodes }: SwarmFingerprint) => ({
  ...{ tokens, caFingerprint, nodes },
});
const caPart = (token: string) => sha256(token.split("-").slice(0, -1).join("-"));

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a machine that belongs to nobody, and a worker's token in a file");
  const machine = await stranger(stage, "stranger");
  stage.fact("before", short(await stage.fingerprint()));
  const leaked = await joinToken(stage, "worker");
  const file = `# how to add a worker\ndocker swarm join --token ${leaked} 192.0.2.1:2377\n`;
  stage.fact("leak", tokensIn(file));
  stage.phase("break", "whoever read the file joins");
  stage.mark("fault");
  stage.fact("joined", await askToJoin(stage, machine, leaked));
  const id = await awaitEntry(stage, machine, "Ready");
  stage.phase("recover", "the token is rotated");
  await stage.on(await stage.leader(), "docker swarm join-token --rotate -q worker >/dev/null");
  const token = await joinToken(stage, "worker");
  stage.fact("caPart", { before: caPart(leaked), after: caPart(token) });
  stage.phase("prove", "who is in is in: also after a restart, by its certificate");
  const index = await entryIndex(stage, id);
  await stage.stop(machine);
  await stage.start(machine);
  const again = await stage.until<string>(`${machine.name} registers again`, 60, async () => {
    const now = await entryIndex(stage, id);
    return now > index
      ? { done: await awaitEntry(stage, machine, "Ready") }
      : { waiting: `its entry was last written at ${now}` };
  });
  stage.fact("intruder", { before: id, after: again });
  stage.phase("recover", "the node is removed");
  await stage.on(await stage.leader(), `docker node rm --force ${id} >/dev/null`);
  await stage.try(machine, "docker swarm leave --force >/dev/null", { seconds: 40 });
  await engineState(stage, machine, "inactive");
  stage.fact("entriesAfterRemoval", await entriesOf(stage, machine));
  stage.phase("verify", "the old token opens nothing any more, the new one does");
  stage.fact("refused", await askToJoin(stage, machine, leaked));
  await stage.try(machine, "docker swarm leave --force >/dev/null", { seconds: 40 });
  await removeEntries(stage, machine); // one that was not refused has left one
  stage.fact("joinedNew", await askToJoin(stage, machine, token));
  await awaitEntry(stage, machine, "Ready");
  stage.mark("healed");
  stage.fact("after", short(await stage.fingerprint()));
}

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { before, after } = seen;
  const nodes = (of: Facts["before"]) => of.nodes.filter(({ id }) => known.has(id));
  const known = new Set(before.nodes.map(({ id }) => id));
  return [
    checkEqual("the token is found in the file", [{ line: 2, kind: "join token" }], seen.leak),
    checkThat("whoever has the token joins", "200", ending(seen.joined), seen.joined.code === 200),
    checkThat(
      "the rotation does not throw out who has joined",
      `Ready again as ${seen.intruder.before} after a restart`,
      seen.intruder.after,
      seen.intruder.before !== "" && seen.intruder.after === seen.intruder.before,
    ),
    checkEqual("removing the node does", [], seen.entriesAfterRemoval),
    checkThat(
      "the old token is refused",
      "a valid join token is necessary",
      ending(seen.refused),
      seen.refused.code !== 200 && /valid join token is necessary/i.test(seen.refused.text),
    ),
    checkThat("the new one is taken", "200", ending(seen.joinedNew), seen.joinedNew.code === 200),
    checkThat(
      "the worker's token is another",
      `not ${before.tokens.worker.slice(0, 12)}`,
      after.tokens.worker.slice(0, 12),
      after.tokens.worker !== before.tokens.worker,
    ),
    checkEqual("the manager's token is the same", before.tokens.manager, after.tokens.manager),
    checkThat(
      "both tokens name the same root CA",
      before.caFingerprint.slice(0, 12),
      after.caFingerprint.slice(0, 12),
      before.caFingerprint === after.caFingerprint && seen.caPart.before === seen.caPart.after,
    ),
    checkEqual("the nodes of the lab know nothing of it", before.nodes, nodes(after)),
  ];
}

/** D3: a token that is out. */
export const tokenRotation: Drill = {
  name: "token-rotation",
  question: "A join token was in a repository. Is rotating it enough?",
  minutes: 0.5,
  minimumWrites: 0,
  claims: [
    {
      says: "Two join tokens, one for workers and one for managers.",
      shows: "Rotating the worker's token leaves the manager's as it is.",
      holds: "yes",
    },
    {
      says: "A join token carries the digest of the root CA, against a man in the middle.",
      shows: "That part of the token stays when the token is rotated; only the secret changes.",
      holds: "yes",
    },
    {
      says: "A token has a pattern that can keep it out of repositories.",
      shows: "`check-tokens` finds it, with file and line, and fails before the commit.",
      holds: "yes",
    },
    {
      says: "After `join-token --rotate` an intruder is out.",
      shows:
        "One that has joined stays, and comes back after a restart by its certificate; `node rm` removes it.",
      holds: "no",
    },
  ],
  needs: (ground) =>
    need.all(need.spareMachine(ground), need.managers(ground, 1), need.expendable(ground)),
  run,
  judge,
};
