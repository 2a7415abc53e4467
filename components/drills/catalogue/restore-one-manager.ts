import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { Manifest } from "../../backup/manifest.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { longestGap } from "../checker.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { panicOf, stopsByItself } from "./panics.ts";

interface Facts {
  readonly manifest: Manifest;
  readonly leaderBefore: string;
  readonly leaderAfter: string;
  /** What its engine said last, each time it was started. */
  readonly panics: readonly string[];
  readonly before: SwarmFingerprint;
  readonly after: SwarmFingerprint;
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, then a backup, then more writes");
  await stage.startTraffic();
  const backup = await stage.backUp();
  const node = stage.managers.find(({ name }) => name === backup.manifest.node.name);
  if (node === undefined) throw new Error(`${backup.manifest.node.name} is no manager of this lab`);
  stage.fact("manifest", backup.manifest);
  stage.fact("before", await stage.fingerprint());
  await stage.moreWrites(60, 60);
  stage.fact("leaderBefore", (await stage.leader()).name);
  stage.phase(
    "break",
    `${node.name} loses its disk, and gets its old backup while the others go on`,
  );
  stage.mark("fault");
  await stage.stop(node);
  await stage.wipe(node);
  await stage.moreWrites(60, 60);
  await stage.placeBackup(backup, node);
  stage.phase(
    "prove",
    `the engine of ${node.name} does not live with a log that the others know better`,
  );
  const panics: string[] = [];
  for (const _ of ["first", "again"]) {
    await stage.start(node);
    await stopsByItself(stage, node);
    panics.push(panicOf(await stage.engineLog(node, 400)));
    stage.fact("panics", panics);
  }
  stage.fact("leaderAfter", (await stage.leader()).name);
  stage.phase("recover", "demote, remove, wipe, join");
  stage.mark("repair");
  await replace(stage, node);
  stage.mark("healed");
  stage.phase("verify", "three managers, one history");
  await stage.moreWrites(60, 60);
  stage.fact("after", await stage.fingerprint());
  await keepQuorum(stage);
}

/** The right way: the member goes from the swarm, and a new one comes in its place. */
async function replace(stage: Stage, node: NodeHandle): Promise<void> {
  const leader = await stage.leader();
  const wanted = (await stage.fingerprint()).nodes.find(({ hostname }) => hostname === node.name);
  if (wanted === undefined) throw new Error(`${leader.name} does not list ${node.name}`);
  await stage.on(leader, `docker node demote ${node.name}`);
  await stage.until(`${node.name} is removed`, 60, async () => {
    const { code, stderr } = await stage.try(leader, `docker node rm ${node.name}`);
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
  await stage.wipe(node);
  await stage.rejoin(node, wanted);
}

function judge({ facts, operations, marks }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { name, id } = seen.manifest.node;
  const { fault = 0, repair = 0, "writers-stopped": stopped } = marks;
  const others = operations.filter(({ writer, start }) => writer !== name && start >= fault);
  const during = others.filter(({ start }) => start < repair);
  const waited = longestGap(during, repair).seconds;
  const gap = longestGap(others, stopped).seconds;
  const [before, after] = [seen.before, seen.after].map(({ nodes }) =>
    nodes.filter(({ hostname }) => hostname === name),
  );
  const now = after?.[0];
  return [
    checkThat(
      "its engine panics on the old log, each time it is started",
      "tocommit(...) is out of range, twice",
      seen.panics.join("; "),
      seen.panics.length === 2 &&
        seen.panics.every((one) => /tocommit\(\d+\) is out of range/.test(one)),
    ),
    checkEqual("the others kept their leader", seen.leaderBefore, seen.leaderAfter),
    checkThat(
      "the others noticed nothing of its panics",
      "at most 2 s without an acknowledged write",
      during.length === 0 ? "they wrote nothing" : `${waited.toFixed(2)} s`,
      during.length > 0 && waited <= 2,
    ),
    // A leader that removes a member it cannot reach lets all writes wait for some seconds (4 on engine 26.1).
    checkThat(
      "nor did its removal cost an election",
      "at most 8 s without an acknowledged write; an election takes 10 or more",
      others.length === 0 ? "they wrote nothing" : `${gap.toFixed(2)} s`,
      others.length > 0 && gap <= 8,
    ),
    checkThat(
      "a new member has taken its place",
      `one ${name} with another id than ${id}`,
      after?.map((one) => `${one.hostname} ${one.id}`).join(", ") || "none",
      after?.length === 1 && now !== undefined && now.id !== id,
    ),
    checkEqual(
      "it has the old one's role, availability and labels",
      before?.map(({ role, availability, labels }) => ({ role, availability, labels })),
      after?.map(({ role, availability, labels }) => ({ role, availability, labels })),
    ),
    checkQuorum(facts),
  ];
}

/** A11: a backup is for the loss of the quorum, never for one manager. */
export const restoreOneManager: Drill = {
  name: "restore-one-manager",
  question: "One of three managers lost its disk. Can I give it its old backup?",
  minutes: 1.5,
  control: true,
  minimumWrites: 20,
  claims: [
    {
      says: "One failed manager is restored from its backup",
      shows:
        "its engine panics at every start, since the others' log is newer; it is removed and joins anew",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.expendable(ground)),
  run,
  judge,
};
