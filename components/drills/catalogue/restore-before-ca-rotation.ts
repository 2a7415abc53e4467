import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { Manifest } from "../../backup/manifest.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum, checkUntouched } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, StagedRestore, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { certificateOf, type NodeCertificate } from "./certificates.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { loseManagers } from "./lost-managers.ts";
import { entriesOf } from "./stranger.ts";

/** Seconds that workers get to come back to the restored manager; others are back in 16. */
const BACK = 25;

type Node = SwarmFingerprint["nodes"][number];

/** What a worker says of itself, and its engine's last word about the manager. */
interface Opinion {
  readonly info: string;
  readonly log: string;
}

interface Facts {
  readonly manifest: Manifest;
  readonly rotatedCa: string;
  readonly gone: readonly string[];
  readonly restored: StagedRestore;
  readonly restoredCa: string;
  /** By worker: `ID STATUS` in the swarm's list, after the restore and at the end. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
  readonly entriesAfter: Readonly<Record<string, readonly string[]>>;
  readonly opinions: Readonly<Record<string, Opinion>>;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersCut: readonly TaskContainer[];
  readonly nodesAfter: readonly Node[];
  readonly certificates: readonly NodeCertificate[];
}

const byWorker = async <T>(stage: Stage, ask: (node: NodeHandle) => Promise<T>) =>
  Object.fromEntries(
    await Promise.all(stage.workers.map(async (node) => [node.name, await ask(node)] as const)),
  );

const UNKNOWN_CA = /certificate signed by unknown authority/;

async function opinionOf(stage: Stage, node: NodeHandle): Promise<Opinion> {
  const info = await stage.on(
    node,
    "docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.Error}}'",
  );
  const log = await stage.until<string>(`${node.name} has tried its manager`, 60, async () => {
    const lines = (await stage.engineLog(node, 400)).split("\n");
    const said = lines.findLast((line) => UNKNOWN_CA.test(line));
    return said === undefined ? { waiting: "it says nothing of it" } : { done: said };
  });
  return { info, log: log.replace(/^time="[^"]*" /, "").slice(0, 300) };
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a backup, then another root CA, and writers on every manager");
  await stage.startTraffic();
  await stage.moreWrites(60, 60); // those of the last seconds before the cut count on neither side
  const backup = await stage.backUp();
  stage.fact("manifest", backup.manifest);
  await stage.on(await stage.leader(), "docker swarm ca --rotate --quiet >/dev/null", {
    seconds: 90,
  });
  stage.fact("rotatedCa", (await stage.fingerprint()).caFingerprint);
  await stage.moreWrites(40, 60);
  stage.fact("containersBefore", await stage.containers());
  await loseManagers(stage);
  stage.phase("recover", "the managers come back from the backup, and with them the old root CA");
  stage.fact("restored", await stage.restore(backup, { workers: BACK, overlay: false }));
  stage.mark("healed");
  stage.fact("restoredCa", (await stage.fingerprint()).caFingerprint);
  stage.phase("prove", "no worker trusts it, and none says so where people look");
  stage.fact("entries", await byWorker(stage, (node) => entriesOf(stage, node)));
  stage.fact("opinions", await byWorker(stage, (node) => opinionOf(stage, node)));
  stage.fact("containersCut", await stage.containers());
  stage.phase("recover", "each worker leaves and joins again");
  const { nodes: known } = backup.manifest.fingerprint;
  await Promise.all(
    stage.workers.map(async (node) => {
      const wanted = known.find(({ hostname }) => hostname === node.name);
      if (wanted === undefined) throw new Error(`the backup has no ${node.name}`);
      await stage.rejoin(node, wanted);
    }),
  );
  stage.phase("verify", "every node is known, by a certificate of the restored root CA");
  await stage.whole(120);
  await startTasksAnew(stage);
  stage.fact("entriesAfter", await byWorker(stage, (node) => entriesOf(stage, node)));
  stage.fact("nodesAfter", (await stage.fingerprint()).nodes);
  const certificates = stage.nodes.map((node) => certificateOf(stage, node));
  stage.fact("certificates", await Promise.all(certificates));
  await keepQuorum(stage);
  await stage.moreWrites(60, 90);
}

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { managers, fingerprint } = seen.manifest;
  const known = fingerprint.nodes.filter(({ role }) => role === "worker");
  const names = known.map(({ hostname }) => hostname);
  const listed = (entries: Facts["entries"]) =>
    names.map((name) => `${name} ${entries[name]?.join(" and ") ?? "in no list"}`).join(", ");
  const told = names.map((name) => seen.opinions[name]);
  const bare = (nodes: readonly Node[]) =>
    nodes
      .filter(({ role }) => role === "worker")
      .map(({ hostname, availability, labels }) => ({ hostname, availability, labels }));
  const short = (hash: string) => hash.slice(0, 12);
  return [
    checkThat(
      "the root CA was rotated after the backup",
      `another than ${short(fingerprint.caFingerprint)}`,
      short(seen.rotatedCa),
      seen.rotatedCa !== "" && seen.rotatedCa !== fingerprint.caFingerprint,
    ),
    checkThat(
      "every manager had lost the swarm",
      "inactive",
      seen.gone.join(", "),
      seen.gone.length === managers.length && seen.gone.every((one) => one.endsWith(" inactive")),
    ),
    checkEqual("the backup brings its root CA back", fingerprint.caFingerprint, seen.restoredCa),
    checkEqual("no worker comes back to it", names, [...seen.restored.missingWorkers].sort()),
    checkThat(
      "which the manager's list shows",
      "Down or Unknown, each",
      listed(seen.entries),
      names.length > 0 &&
        names.every((name) => {
          const entries = seen.entries[name] ?? [];
          return entries.length === 1 && / (Down|Unknown)$/.test(entries[0] ?? "");
        }),
    ),
    checkThat(
      "and the worker itself does not",
      "active, without an error",
      told.map((one) => one?.info ?? "not asked").join(", "),
      told.length > 0 && told.every((one) => one?.info.trim() === "active"),
    ),
    checkThat(
      "only the log of its engine says why",
      "certificate signed by unknown authority",
      told.map((one) => one?.log ?? "not asked").join("; "),
      told.length > 0 && told.every((one) => UNKNOWN_CA.test(one?.log ?? "")),
    ),
    checkUntouched("its tasks run on", seen.containersBefore, seen.containersCut, {
      exactly: true,
    }),
    checkThat(
      "having left and joined, each is there as another node",
      "Ready, one entry each, no id as before",
      listed(seen.entriesAfter),
      known.every(({ hostname, id }) => {
        const [entry = "", ...more] = seen.entriesAfter[hostname] ?? [];
        return more.length === 0 && / Ready$/.test(entry) && !entry.startsWith(`${id} `);
      }),
    ),
    checkEqual(
      "with the labels and availability it had",
      bare(fingerprint.nodes),
      bare(seen.nodesAfter),
    ),
    checkThat(
      "every certificate comes from the root CA that its node trusts",
      `${fingerprint.nodes.length} verified`,
      seen.certificates
        .map(({ node, verified }) => `${node} ${verified ? "" : "not "}verified`)
        .join(", "),
      seen.certificates.length === fingerprint.nodes.length &&
        seen.certificates.every(({ verified }) => verified),
    ),
    checkQuorum(facts),
  ];
}

/** A7: a backup that is older than the root CA. */
export const restoreBeforeCaRotation: Drill = {
  name: "restore-before-ca-rotation",
  question:
    "My backup is from before I rotated the root CA. What does it bring back, and who is lost?",
  minutes: 4,
  rewinds: true,
  minimumWrites: 20,
  claims: [
    {
      says: "Restore, then `--force-new-cluster`, and the workers come back.",
      shows:
        "With a backup from before a rotation of the root CA no worker does: its log says unknown authority, and it has to leave and join. A rotation asks for a backup.",
      holds: "partly",
    },
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
