import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { checkAtMost, listed, waited } from "./members.ts";
import {
  allRun,
  COUNT_IMAGE,
  makeOlderSwarm,
  type OlderNode,
  type OlderSwarm,
  running,
  type Seen,
  seen,
} from "./older-swarm.ts";

interface Upgraded {
  readonly node: string;
  /** All nodes, once this one was a member again with its new engine. */
  readonly nodes: readonly Seen[];
  /** Tasks that ran when it was drained, when it was off, and when it was back. */
  readonly running: readonly number[];
}

interface Facts {
  /** The engine that the lab's own nodes have. */
  readonly wanted: string;
  readonly before: readonly Seen[];
  readonly first: string;
  readonly steps: readonly Upgraded[];
  readonly after: readonly Seen[];
  /** How many of the machines have the service's image on their disk still. */
  readonly images: readonly number[];
}

async function drained(stage: Stage, via: NodeHandle, { name }: NodeHandle): Promise<void> {
  await stage.on(via, `docker node update --availability drain ${name} >/dev/null`);
  await stage.until(`no task runs on ${name}`, 60, async () => {
    const ask = `docker node ps --format '{{.CurrentState}}' ${name}`;
    const left = (await stage.on(via, ask)).split("\n").filter((line) => /^Running/.test(line));
    return left.length === 0 ? { done: true } : { waiting: `${left.length} run there` };
  });
}

interface Upgrading {
  /** A manager that is not upgraded meanwhile. */
  readonly via: NodeHandle;
  readonly service: string;
  readonly wanted: string;
}

/** Gives a node the new engine, as the member it is: drained, off, on, seen to be back, active. */
async function upgrade(
  stage: Stage,
  { node, like }: OlderNode,
  { via, service, wanted }: Upgrading,
): Promise<Upgraded> {
  const counts: number[] = [];
  const look = async () => counts.push(await running(stage, via, service));
  await drained(stage, via, node);
  await look();
  await stage.stop(node);
  await stage.upgrade(node, like);
  await look();
  await stage.start(node);
  await stage.on(node, "wait-engine 60", { seconds: 70 });
  const nodes = await stage.until<Seen[]>(`${node.name} is back, upgraded`, 90, async () => {
    const list = await seen(stage, via);
    // Until it is heard again it may be listed as Ready with the engine it had.
    const entry = list.find(({ name }) => name === node.name);
    return entry?.engine === wanted && entry.standing.startsWith("Ready")
      ? { done: list }
      : { waiting: `${entry?.engine} ${entry?.standing}` };
  });
  await look();
  return { node: node.name, nodes, running: counts };
}

const leaderOf = async (stage: Stage, { managers }: OlderSwarm): Promise<OlderNode> => {
  const [first] = managers;
  const listing = first === undefined ? [] : await seen(stage, first.node);
  const name = listing.find(({ standing }) => /Leader$/.test(standing))?.name;
  const found = managers.find(({ node }) => node.name === name);
  if (found === undefined) throw new Error(`the leader ${name ?? "(none)"} is not one of them`);
  return found;
};

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "beside the lab, a swarm of four machines with the engine before");
  const [own] = stage.managers;
  if (own === undefined) throw new Error("a lab without a manager");
  const wanted = await stage.on(own, "docker version --format '{{.Server.Version}}'");
  stage.fact("wanted", wanted);
  const swarm = await makeOlderSwarm(stage);
  const { service, worker, managers } = swarm;
  const leader = await leaderOf(stage, swarm);
  await allRun(stage, leader.node, service);
  await stage.startTraffic(managers.map(({ node }) => node));
  stage.fact("before", await seen(stage, leader.node));
  stage.fact("first", leader.node.name);
  stage.phase("break", "one after another they get the new engine: followers, leader, worker");
  stage.mark("fault");
  const steps: Upgraded[] = [];
  const nextOne = async (one: OlderNode, via: NodeHandle) => {
    steps.push(await upgrade(stage, one, { via, service, wanted }));
    const name = one.node.name;
    if (one === leader) await stage.on(via, `docker node promote ${name}`);
    if (one.node.role === "manager") await listed(stage, via, name, / Ready (Reachable|Leader)$/);
    await stage.on(via, `docker node update --availability active ${name} >/dev/null`);
    await allRun(stage, via, service);
  };
  const followers = managers.filter((one) => one !== leader);
  for (const one of followers) await nextOne(one, leader.node);
  const [second] = followers;
  if (second === undefined) throw new Error("a lab without three managers");
  // Stopped as the leader it would leave the others without one for an election; demoted it hands over at once.
  await stage.on(second.node, `docker node demote ${leader.node.name}`);
  await listed(stage, second.node, leader.node.name, / Ready$/);
  await nextOne(leader, second.node);
  await nextOne(worker, second.node);
  stage.fact("steps", steps);
  stage.mark("healed");
  stage.phase("verify", "the same members under the same ids, all with the new engine");
  await stage.moreWrites(30, 60);
  stage.fact("after", await seen(stage, second.node));
  const machines = [...managers, worker].map(({ node }) => node);
  const images = await Promise.all(machines.map((node) => stage.on(node, COUNT_IMAGE)));
  stage.fact("images", images.map(Number));
  await stage.endTraffic();
}

const engines = (nodes: readonly Seen[]) => [...new Set(nodes.map(({ engine }) => engine))];

function judge(evidence: Evidence): Check[] {
  const { wanted, before, first, steps, after, images } = evidence.facts as unknown as Facts;
  const { fault = 0, healed = 0 } = evidence.marks;
  const mixed = steps.slice(0, -1).map(({ nodes }) => engines(nodes).length);
  const order = steps.map(({ node }) => node);
  const ids = (nodes: readonly Seen[]) => nodes.map(({ id, name }) => `${name} ${id}`);
  const least = Math.min(...steps.flatMap(({ running: counts }) => counts));
  const well = after.filter(({ standing }) => /^Ready (Leader|Reachable)$/.test(standing));
  const gap = waited(evidence, fault, healed);
  return [
    checkThat(
      "all of them began with an older engine",
      `one version, not ${wanted}`,
      engines(before).join(", "),
      engines(before).length === 1 && engines(before)[0] !== wanted,
    ),
    checkThat(
      "one after another, the leader after its followers",
      `4 nodes, ${first} as the third`,
      order.join(", "),
      new Set(order).size === 4 && order.length === 4 && order[2] === first,
    ),
    checkThat(
      "both engines were in one swarm meanwhile",
      "2 versions after each but the last",
      mixed.join(", "),
      mixed.length === 3 && mixed.every((count) => count === 2),
    ),
    checkEqual("all of them end with the lab's engine", [wanted], engines(after)),
    checkEqual("each is the member it was, under its old id", ids(before), ids(after)),
    checkThat(
      "the quorum is whole",
      "3 managers, all Leader or Reachable",
      well.map(({ name, standing }) => `${name} ${standing}`).join(", "),
      well.length === 3,
    ),
    checkAtMost("no write waits long", 30, gap),
    checkThat("the service never stopped", "1 task or more", least, least >= 1),
    checkEqual("images stay, as they are on the disk", [1, 1, 1, 1], images),
  ];
}

/** C7: from the engine of one Debian release to that of the next, under a living swarm. */
export const engineUpgrade: Drill = {
  name: "engine-upgrade",
  question: "My swarm runs an old engine. How do I upgrade it with nobody noticing?",
  minutes: 1.5,
  minimumWrites: 20,
  claims: [
    {
      says: "Engines are upgraded one node at a time, managers first, the leader last",
      shows:
        "Old and new engines serve in one quorum (20.10 and 26.1); each node comes back under its id, with its images.",
      holds: "yes",
    },
  ],
  limits: [
    "Where the older engine's image is not there yet, it is built first, which takes two minutes more.",
    "A downgrade is not tried: a new engine may write what the old one cannot read.",
    "The machines are made anew over the same disk; a package manager would replace the programs in place.",
  ],
  needs: (ground) =>
    need.all(need.spareMachine(ground), need.managers(ground, 3), need.workers(ground, 1)),
  run,
  judge,
};
