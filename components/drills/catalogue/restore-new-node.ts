import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { judgeRestore, type RestoreFacts } from "./whole-restore.ts";

type NodeSeen = SwarmFingerprint["nodes"][number];

interface Facts extends RestoreFacts {
  /** What the new machine had before the restore. */
  readonly newcomer: {
    readonly name: string;
    readonly state: string;
    readonly images: number;
    readonly volumes: number;
  };
  /** The restored manager in the list: hostname, address that its peers dial, and labels. */
  readonly restoredEntry: NodeSeen & { readonly managerAddress: string };
  readonly imagesAfter: number;
  /** Nodes when the lab's own machine had taken its place again. */
  readonly home: readonly NodeSeen[];
}

const many = (list: string) => `${list} | wc -l`;

async function lookAt(stage: Stage, node: NodeHandle): Promise<Facts["newcomer"]> {
  return stage.until<Facts["newcomer"]>(`the engine of ${node.name} answers`, 60, async () => {
    const ask = `docker info --format '{{.Name}} {{.Swarm.LocalNodeState}}'
${many("docker image ls -aq")}; ${many("docker volume ls -q")}`;
    const { code, stdout, stderr } = await stage.try(node, ask);
    const [who = "", images = "", volumes = ""] = stdout.trim().split("\n");
    const [name = "", state = ""] = who.split(" ");
    return code === 0 && state !== ""
      ? { done: { name, state, images: Number(images), volumes: Number(volumes) } }
      : { waiting: stderr.trim() };
  });
}

/** The lab's own machine, its disk empty, takes the place of the one that stood in for it. */
async function bringHome(stage: Stage, node: NodeHandle, standIn: NodeHandle, wanted: NodeSeen) {
  stage.phase("recover", `${node.name} takes its place again, and ${standIn.name} goes`);
  const via = stage.managers.find(({ name }) => name !== node.name);
  if (via === undefined) throw new Error("a lab without a second manager");
  await stage.on(via, `docker node demote ${standIn.name}`);
  await stage.until(`${standIn.name} is a worker`, 60, async () => {
    const format = "'{{.Swarm.ControlAvailable}}'";
    const said = await stage.try(standIn, `docker info --format ${format}`);
    return said.stdout.trim() === "false" ? { done: true } : { waiting: "it is a manager still" };
  });
  await stage.on(standIn, "docker swarm leave", { seconds: 60 });
  await stage.removeMachine(standIn);
  await stage.until(`${standIn.name} is removed`, 60, async () => {
    const { code, stderr } = await stage.try(via, `docker node rm ${standIn.name}`);
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
  await stage.rejoin(node, wanted);
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, then a backup, then more writes");
  await stage.startTraffic();
  await stage.moreWrites(60, 60); // those of the last seconds before the cut count on neither side
  stage.fact("secretsBefore", await stage.secretHashes());
  const backup = await stage.backUp();
  const { manifest } = backup;
  stage.fact("manifest", manifest);
  const node = stage.managers.find(({ name }) => name === manifest.node.name);
  const wanted = manifest.fingerprint.nodes.find(({ id }) => id === manifest.node.id);
  if (node === undefined || wanted === undefined)
    throw new Error(`${manifest.node.name} is no manager of this lab`);
  await stage.moreWrites(60, 60);
  stage.fact("containersBefore", await stage.containers());
  await loseManagers(stage);
  const standIn = await stage.newMachine(node, "new", "node's network");
  await stage.start(standIn);
  stage.fact("newcomer", await lookAt(stage, standIn));
  await stage.stop(standIn);
  stage.phase(
    "recover",
    `the backup of ${node.name} goes to ${standIn.name}, which has its address`,
  );
  const restored = await stage.restore(backup, { on: standIn });
  stage.fact("containersAfter", await stage.containers());
  stage.fact("restored", restored);
  stage.mark("healed");
  stage.phase("verify", "the old id under a new name");
  const via = stage.managers.find(({ name }) => name !== node.name) ?? node;
  await firstWrite(stage, via);
  const after = await stage.fingerprint();
  stage.fact("after", { ...after, nodes: after.nodes.map((one) => asBefore(one, wanted)) });
  const entry = after.nodes.find(({ id }) => id === manifest.node.id);
  const managerAddress = await stage.on(
    via,
    `docker node inspect --format '{{.ManagerStatus.Addr}}' ${manifest.node.id}`,
  );
  stage.fact("restoredEntry", { ...entry, managerAddress });
  stage.fact("imagesAfter", (await lookAt(stage, standIn)).images);
  await bringHome(stage, node, standIn, wanted);
  await keepQuorum(stage);
  stage.fact("home", (await stage.fingerprint()).nodes);
  await stage.moreWrites(60, 90);
  await startTasksAnew(stage);
  stage.fact("secretsAfter", await stage.secretHashes());
}

/** The checks of a restore find the restored manager by its name, which is another one now by right. */
const asBefore = (node: NodeSeen, wanted: NodeSeen): NodeSeen =>
  node.id === wanted.id ? { ...node, hostname: wanted.hostname } : node;

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { node, fingerprint } = seen.manifest;
  const { newcomer, restoredEntry, home } = seen;
  const was = fingerprint.nodes.find(({ id }) => id === node.id);
  const names = (nodes: readonly NodeSeen[]) =>
    nodes
      .map(({ hostname, role, labels }) => `${hostname} ${role} ${JSON.stringify(labels)}`)
      .sort();
  return [
    checkThat(
      "the machine was never in the swarm, and has no image and no volume",
      `another name than ${node.name}, inactive, 0 images, 0 volumes`,
      `${newcomer.name}, ${newcomer.state}, ${newcomer.images} images, ${newcomer.volumes} volumes`,
      newcomer.name !== node.name &&
        newcomer.state === "inactive" &&
        newcomer.images === 0 &&
        newcomer.volumes === 0,
    ),
    ...judgeRestore(evidence),
    checkEqual(
      "the old node id has the new machine's hostname",
      newcomer.name,
      restoredEntry.hostname,
    ),
    checkEqual(
      "its peers dial it where the old one was",
      `${node.address}:2377`,
      restoredEntry.managerAddress,
    ),
    checkEqual("labels survive, as they are in the log", was?.labels, restoredEntry.labels),
    checkEqual("images do not, as they are on the disk", 0, seen.imagesAfter),
    checkEqual(
      "at the end the lab has its own machines again",
      names(fingerprint.nodes),
      names(home),
    ),
    checkQuorum(evidence.facts),
  ];
}

/** A4: a new machine with the old one's address. */
export const restoreNewNode: Drill = {
  name: "restore-new-node",
  question: "The manager's machine is gone for good. Can another one with its address take over?",
  minutes: 2,
  rewinds: true,
  minimumWrites: 20,
  limits: [
    "The new machine stands in during the drill; the lab's own one, emptied, then takes its place by an ordinary join.",
    "Constraints on node.hostname do not follow to the new machine: no service of the lab has one.",
  ],
  claims: [
    {
      says: "Only the machine that was backed up can be restored",
      shows: "any machine with its address and engine version can",
      holds: "no",
    },
  ],
  needs: (ground) =>
    need.all(
      need.spareMachine(ground),
      need.managers(ground, 3),
      need.workers(ground, 1),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge,
};
