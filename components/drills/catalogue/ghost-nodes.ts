import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { listed, type Member, members } from "./members.ts";
import { spreadAgain } from "./spread.ts";

interface Facts {
  readonly node: string;
  readonly nodes: number;
  readonly former: Member;
  readonly labels: Readonly<Record<string, string>>;
  /** Entries of that name once the node has left and joined again, and how many nodes the swarm counts. */
  readonly twice: readonly Member[];
  readonly counted: number;
  readonly newLabels: Readonly<Record<string, string>>;
  /** Answers to a question by name, to the removal of the living one, and to that of the ghost. */
  readonly byName: string;
  readonly living: string;
  readonly ghost: string;
  readonly after: readonly Member[];
  readonly labelsAfter: Readonly<Record<string, string>>;
}

/** A worker that does not hold the registry's data, where there is one. */
async function anyWorker(stage: Stage): Promise<NodeHandle> {
  const tasks = await stage.containers();
  const holds = (name: string) =>
    tasks.some(({ node, service }) => node === name && service === "registry");
  const node = stage.workers.find(({ name }) => !holds(name)) ?? stage.workers[0];
  if (node === undefined) throw new Error("a lab without a worker");
  return node;
}

async function labelsOf(stage: Stage, via: NodeHandle, id: string) {
  const said = await stage.on(via, `docker node inspect --format '{{json .Spec.Labels}}' ${id}`);
  return (JSON.parse(said) ?? {}) as Record<string, string>;
}

const answer = ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) =>
  code === 0 ? `done: ${stdout.trim()}` : stderr.trim();

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a worker with its labels");
  const leader = await stage.leader();
  const node = await anyWorker(stage);
  const entries = async () =>
    (await members(stage, leader)).filter(({ name }) => name === node.name);
  const [former] = await entries();
  if (former === undefined) throw new Error(`${leader.name} does not list ${node.name}`);
  const labels = await labelsOf(stage, leader, former.id);
  stage.fact("node", node.name);
  stage.fact("nodes", stage.nodes.length);
  stage.fact("former", former);
  stage.fact("labels", labels);
  const wanted = (await stage.fingerprint()).nodes.find(({ id }) => id === former.id);
  stage.phase("break", `${node.name} leaves the swarm, and joins it again`);
  stage.mark("fault");
  stage.defer(`${node.name} is in the swarm`, async () => {
    if (wanted !== undefined && (await entries()).every(({ status }) => status !== "Ready"))
      await stage.rejoin(node, wanted);
  });
  await stage.on(node, "docker swarm leave", { seconds: 60 });
  await listed(stage, leader, node.name, / Down$/);
  await stage.joinBeside(node, "active");
  await listed(stage, leader, node.name, / Ready$/);
  stage.phase("prove", "the swarm keeps both, and the old one for ever");
  const twice = await entries();
  const now = twice.find(({ id }) => id !== former.id);
  if (now === undefined) throw new Error(`${node.name} came back under its old id`);
  stage.fact("twice", twice);
  stage.fact("newLabels", await labelsOf(stage, leader, now.id));
  stage.fact("counted", Number(await stage.on(leader, "docker info --format '{{.Swarm.Nodes}}'")));
  stage.fact(
    "byName",
    answer(await stage.try(leader, `docker node inspect ${node.name}`)).slice(-200),
  );
  stage.fact("living", answer(await stage.try(leader, `docker node rm ${now.id}`)));
  stage.phase("recover", "the ghost is removed by its id, and the labels come back");
  stage.fact("ghost", answer(await stage.try(leader, `docker node rm ${former.id}`)));
  const adds = Object.entries(labels).map(([key, value]) => `--label-add '${key}=${value}'`);
  await stage.on(leader, `docker node update ${adds.join(" ")} ${now.id} >/dev/null`);
  stage.mark("healed");
  stage.phase("verify", "as many nodes as there are machines");
  stage.fact("after", await members(stage, leader));
  stage.fact("labelsAfter", await labelsOf(stage, leader, now.id));
  await stage.whole(120);
  await spreadAgain(stage);
}

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { node, nodes, former, twice, after } = seen;
  const now = twice.find(({ id }) => id !== former.id);
  const own = after.filter(({ name }) => name === node);
  const words = twice.map(({ name, status }) => `${name} ${status}`).sort();
  return [
    checkEqual(
      "the node that left is listed for ever, beside the one that came",
      [`${node} Down`, `${node} Ready`],
      words,
    ),
    checkEqual("the swarm counts it", nodes + 1, seen.counted),
    checkThat(
      "its name means two nodes now",
      `node ${node} is ambiguous`,
      seen.byName,
      /ambiguous/.test(seen.byName),
    ),
    checkThat(
      "the labels stayed with the old one",
      `none of ${Object.keys(seen.labels).join(", ")}`,
      Object.keys(seen.newLabels).join(", ") || "none",
      Object.keys(seen.labels).length > 0 && Object.keys(seen.newLabels).length === 0,
    ),
    checkThat(
      "the living one cannot be removed by mistake",
      "refused: it is not down",
      seen.living,
      /is not down/.test(seen.living),
    ),
    checkEqual("the ghost can", `done: ${former.id}`, seen.ghost),
    checkThat(
      "there are as many nodes as machines",
      `${nodes}, one of them ${node} ${now?.id ?? ""}`,
      `${after.length}, ${own.map(({ id }) => `${node} ${id}`).join(", ")}`,
      after.length === nodes && own.length === 1 && own[0]?.id === now?.id,
    ),
    checkEqual("its labels are back", seen.labels, seen.labelsAfter),
  ];
}

/** C6: a node that comes back is another one. */
export const ghostNodes: Drill = {
  name: "ghost-nodes",
  question: "My worker left and joined again, and now it is listed twice. What is the other one?",
  minutes: 0.5,
  minimumWrites: 0,
  claims: [
    {
      says: "`docker swarm leave NODE` takes a node out of the swarm",
      shows:
        "It takes no node: it is run on the node itself, whose entry stays, Down, until `docker node rm`.",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
