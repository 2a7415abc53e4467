import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest } from "../load.ts";
import type { ContainerSeen, Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { setAvailability, spareWorker, spreadAppAgain } from "./own-services.ts";

const REPLICAS = 4;
const IMAGES = "/var/lib/docker/drill-images.tar";

type NodeSeen = SwarmFingerprint["nodes"][number];

interface Facts {
  readonly old: NodeSeen;
  readonly other: string;
  readonly replacement: string;
  readonly name: string;
  /** What the swarm said when the node was to be removed while it was there. */
  readonly refused: { readonly code: number; readonly said: string };
  /** Host name and state of every node when the replacement stood. */
  readonly listed: readonly string[];
  readonly nodes: readonly NodeSeen[];
  readonly running: readonly ContainerSeen[];
  /** Of the old machine, started again: what the managers tell its engine, and the nodes that are listed then. */
  readonly outcast: { readonly said: string; readonly listed: readonly string[] };
  readonly load: readonly LoadRequest[];
}

const list = async (stage: Stage): Promise<string[]> =>
  (await stage.on(await stage.leader(), "docker node ls --format '{{.Hostname}} {{.Status}}'"))
    .split("\n")
    .sort();

/** Removes a node as soon as the swarm lets it go, which is when it is Down. */
async function removeNode(stage: Stage, id: string): Promise<void> {
  const leader = await stage.leader();
  await stage.until(`node ${id} is removed`, 60, async () => {
    const { code, stderr } = await stage.try(leader, `docker node rm ${id}`);
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
}

/** The end of the drill has the old machine as it was: a node of the same name and labels, and the new one gone. */
function putBack(stage: Stage, node: NodeHandle, wanted: NodeSeen, spare: NodeHandle): void {
  stage.defer(`${node.name} is a node of the swarm again`, async () => {
    const leader = await stage.leader();
    const entries = (await stage.fingerprint()).nodes;
    for (const { id } of entries.filter(({ hostname }) => hostname === spare.name))
      await stage.on(leader, `docker node rm --force ${id}`);
    if (!(await stage.isOn(node))) await stage.start(node);
    if (!entries.some(({ id }) => id === wanted.id)) await stage.rejoin(node, wanted);
  });
}

async function run(stage: Stage): Promise<void> {
  const [node, other] = await spareWorker(stage);
  const old = (await stage.fingerprint()).nodes.find(({ hostname }) => hostname === node.name);
  if (old === undefined) throw new Error(`the swarm does not list ${node.name}`);
  stage.fact("old", old);
  stage.fact("other", other.name);
  stage.phase("plant", `a service of ${REPLICAS} tasks, and a machine that nobody knows yet`);
  spreadAppAgain(stage);
  const spare = await stage.newMachine(node, "new", "beside");
  putBack(stage, node, old, spare);
  stage.fact("replacement", spare.name);
  // What a registry would hold.
  await stage.carry(node, "docker image save $(docker image ls --quiet)", spare, `cat >${IMAGES}`);
  const name = await stage.startService("web", { replicas: REPLICAS });
  stage.fact("name", name);
  await stage.tasksRun(name, REPLICAS);
  await stage.startLoad(other, [name]);
  stage.mark("fault");
  stage.phase("break", `${node.name} is to go, and cannot while it is there`);
  const { code, stderr } = await stage.try(await stage.leader(), `docker node rm ${old.id}`);
  stage.fact("refused", { code, said: stderr.trim() });
  stage.phase("recover", `${spare.name} joins, ${node.name} is drained, stopped and removed`);
  await stage.start(spare);
  await stage.until(`${spare.name} has its images`, 60, async () => {
    const load = `docker image load --quiet --input ${IMAGES} >/dev/null; rm ${IMAGES}`;
    const loaded = await stage.try(spare, load, { seconds: 50 });
    return loaded.code === 0 ? { done: true } : { waiting: loaded.stderr.trim() };
  });
  stage.alsoRuns(spare);
  await stage.rejoin(spare, { ...old, hostname: spare.name });
  await setAvailability(stage, node, "drain");
  await stage.until(`${node.name} runs no task of ${name}`, 60, async () => {
    const left = (await stage.serviceContainers(name)).filter(
      (one) => one.node === node.name && one.status === "running",
    );
    return left.length === 0 ? { done: true } : { waiting: `${left.length} run` };
  });
  await stage.tasksRun(name, REPLICAS);
  await stage.stop(node);
  await removeNode(stage, old.id);
  stage.mark("healed");
  stage.phase("verify", "the swarm is what it was, with another machine");
  stage.fact("listed", await list(stage));
  stage.fact("nodes", (await stage.fingerprint()).nodes);
  const containers = await stage.serviceContainers(name);
  stage.fact(
    "running",
    containers.filter(({ status }) => status === "running"),
  );
  stage.phase("prove", `${node.name} is started again, with the identity it had`);
  await stage.start(node);
  // `docker info` there says "pending" and gives no error: only the engine's log has it.
  const said = await stage.until<string>(`${node.name} is not let in`, 60, async () => {
    const log = await stage.engineLog(node, 400);
    const sentence = `node ${old.id} was removed from swarm`;
    const found = log.includes(`Permission denied: ${sentence}`) ? sentence : undefined;
    return found === undefined ? { waiting: "its engine says nothing of it" } : { done: found };
  });
  stage.fact("outcast", { said, listed: await list(stage) });
  stage.fact("load", await stage.endLoad());
}

function judge({ facts, fault }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { old, other, replacement, refused, listed, nodes, running, outcast, load, name } = seen;
  const found = nodes.find(({ hostname }) => hostname === replacement);
  const on = (where: string) => running.filter(({ node }) => node === where).length;
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  const down = listed.filter((one) => !one.endsWith(" Ready"));
  return [
    checkThat(
      "a node is not removed while it is there",
      "refused: is not down and can't be removed",
      `code ${refused.code}: ${refused.said}`,
      refused.code !== 0 && /is not down and can't be removed/.test(refused.said),
    ),
    checkThat(
      "the list has the new node, not the old one, and nothing that is Down",
      `${replacement} Ready, no ${old.hostname}`,
      listed.join(", "),
      listed.includes(`${replacement} Ready`) &&
        down.length === 0 &&
        !nodes.some(({ id }) => id === old.id),
    ),
    checkThat(
      "the new node is another one, with the old one's labels, role and availability",
      JSON.stringify([old.role, old.availability, old.labels]),
      found === undefined
        ? "no node"
        : JSON.stringify([found.role, found.availability, found.labels]),
      found !== undefined &&
        found.id !== old.id &&
        JSON.stringify([found.role, found.availability, found.labels]) ===
          JSON.stringify([old.role, old.availability, old.labels]),
    ),
    checkThat(
      "it does the old one's work, by its own word",
      `${REPLICAS / 2} there, ${REPLICAS} in all`,
      `${on(replacement)} there, ${on(other)} on ${other}, ${running.length} in all`,
      on(replacement) === REPLICAS / 2 && running.length === REPLICAS && on(old.hostname) === 0,
    ),
    checkNoneFailed("no request failed meanwhile", asked(load, name, window)),
    checkThat(
      "the old machine, started again, is not let in with the identity it had",
      `node ${old.id} was removed from swarm`,
      outcast.said,
      outcast.said === `node ${old.id} was removed from swarm`,
    ),
    checkEqual("and the swarm does not list it", listed, outcast.listed),
  ];
}

/** C5: machines are replaced, not repaired. */
export const nodeReplacement: Drill = {
  name: "node-replacement",
  question:
    "I want another machine in place of this worker. In which order, so that nobody notices?",
  minutes: 1.5,
  minimumWrites: 0,
  claims: [
    {
      says: "`docker swarm leave NODE`",
      shows:
        "takes no node; a worker that is there cannot be removed: drain it, stop it, then `docker node rm`; what was removed is not let in again",
      holds: "no",
    },
  ],
  limits: [
    "The images are carried to the new machine, as no registry has those of the lab's own services.",
  ],
  needs: (ground) => need.all(need.spareMachine(ground), need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
