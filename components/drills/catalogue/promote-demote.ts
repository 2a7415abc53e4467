import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum, checkUntouched } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { backAsManager, checkAtMost, except, members } from "./members.ts";

/** What a node is by its own certificate, its disk and its engine. */
interface Standing {
  readonly id: string;
  /** Organizational unit of its certificate: what the swarm's CA says that it is. */
  readonly unit: string;
  readonly logs: number;
  readonly control: string;
}

interface Facts {
  readonly node: string;
  readonly worker: Standing;
  readonly manager: Standing;
  readonly again: Standing;
  readonly promoted: string;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersAfter: readonly TaskContainer[];
  /** Managers that were left when the last one was to be demoted, and the answer. */
  readonly left: readonly string[];
  readonly refusal: string;
}

const LOOK = `docker info --format '{{.Swarm.NodeID}} {{.Swarm.ControlAvailable}}' | tr '\\n' ' '
cd /var/lib/docker/swarm
openssl x509 -noout -subject -in certificates/swarm-node.crt | sed 's/.*OU *= *\\([a-z-]*\\).*/\\1/' | tr '\\n' ' '
ls raft/wal-v3-encrypted 2>/dev/null | wc -l`;

async function look(stage: Stage, node: NodeHandle): Promise<Standing> {
  const [id = "", control = "", unit = "", logs = ""] = (await stage.on(node, LOOK)).split(" ");
  return { id, unit, control, logs: Number(logs) };
}

/** Waits until a node has taken on a role, by its own certificate and log. */
const become = (stage: Stage, node: NodeHandle, role: string): Promise<Standing> =>
  stage.until<Standing>(`${node.name} is a ${role}`, 60, async () => {
    const now = await look(stage, node);
    const whole = role === "manager" ? now.logs > 0 && now.control === "true" : now.logs === 0;
    return whole && now.unit === `swarm-${role}` ? { done: now } : { waiting: JSON.stringify(now) };
  });

async function refuseTheLast(stage: Stage, last: NodeHandle): Promise<void> {
  const others = except(stage.managers, last);
  stage.defer("the managers are managers", async () => {
    const list = await members(stage, last);
    for (const { id, manager } of list.filter(({ name }) =>
      others.some((one) => one.name === name),
    ))
      if (manager === "") await stage.on(last, `docker node promote ${id} >/dev/null`);
  });
  for (const node of others) {
    await stage.on(last, `docker node demote ${node.name}`);
    await become(stage, node, "worker");
  }
  const left = (await members(stage, last)).filter(({ manager }) => manager !== "");
  stage.fact(
    "left",
    left.map(({ name }) => name),
  );
  const refused = await stage.try(last, `docker node demote ${last.name}`);
  stage.fact("refusal", refused.code === 0 ? "it was demoted" : refused.stderr.trim());
  stage.phase("recover", "the managers are promoted again");
  for (const node of others) {
    await stage.on(last, `docker node promote ${node.name}`);
    await backAsManager(stage, last, node);
  }
}

async function run(stage: Stage): Promise<void> {
  const node = stage.workers.at(-1);
  if (node === undefined) throw new Error("a lab without a worker");
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const leader = await stage.leader();
  stage.fact("node", node.name);
  stage.fact("worker", await look(stage, node));
  stage.fact("containersBefore", await stage.containers());
  stage.phase("break", `${node.name}, a worker, is promoted and demoted`);
  stage.mark("fault");
  stage.defer(`${node.name} is a worker`, async () => {
    await stage.on(await stage.leader(), `docker node demote ${node.name} >/dev/null`);
  });
  await stage.on(leader, `docker node promote ${node.name}`);
  stage.fact("manager", await become(stage, node, "manager"));
  stage.mark("promoted");
  stage.fact("promoted", await backAsManager(stage, leader, node));
  await stage.on(leader, `docker node demote ${node.name}`);
  const demoted = Date.now();
  stage.fact("again", await become(stage, node, "worker"));
  stage.fact("demotion", (Date.now() - demoted) / 1000);
  stage.fact("containersAfter", await stage.containers());
  stage.phase("prove", "a swarm keeps its last manager");
  await refuseTheLast(stage, leader);
  stage.mark("healed");
  stage.phase("verify", "as before");
  await stage.moreWrites(30, 60);
  await keepQuorum(stage);
}

function judge({ facts, marks }: Evidence): Check[] {
  const seen = facts as unknown as Facts & { readonly demotion: number };
  const { fault = 0, promoted = 0 } = marks;
  const { worker, manager, again } = seen;
  const units = [worker, manager, again].map(({ unit }) => unit);
  return [
    checkEqual(
      "the CA gives it a certificate of its new role each time",
      ["swarm-worker", "swarm-manager", "swarm-worker"],
      units,
    ),
    checkEqual("its node id stays the same", [worker.id, worker.id], [manager.id, again.id]),
    checkThat(
      "promoted, the others reach it",
      `${seen.node} Ready Reachable`,
      seen.promoted,
      seen.promoted === `${seen.node} Ready Reachable`,
    ),
    checkAtMost("it is a manager soon", 20, (promoted - fault) / 1000),
    checkAtMost("demoted, it is one no more soon", 30, seen.demotion),
    checkThat(
      "it has the log while it is a manager, and keeps nothing of it",
      "0, 1 or more, 0 files",
      `${worker.logs}, ${manager.logs}, ${again.logs} files`,
      worker.logs === 0 && manager.logs > 0 && again.logs === 0,
    ),
    checkUntouched("its tasks run on", seen.containersBefore, seen.containersAfter),
    checkThat(
      "the last manager cannot be demoted",
      "1 manager left, and a refusal",
      `${seen.left.length} left: ${seen.refusal.slice(0, 200)}`,
      seen.left.length === 1 && /last manager/.test(seen.refusal),
    ),
    checkQuorum(facts),
  ];
}

/** C3: roles change while the swarm runs. */
export const promoteDemote: Drill = {
  name: "promote-demote",
  question: "Can a worker become a manager and go back, with its tasks running, and who may not?",
  minutes: 0.5,
  minimumWrites: 20,
  claims: [
    {
      says: "In place of a manager that cannot be restored a worker is promoted",
      shows:
        "It is one within 2 s, under the same node id; but only where there is a quorum to promote it.",
      holds: "partly",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.workers(ground, 1)),
  run,
  judge,
};
