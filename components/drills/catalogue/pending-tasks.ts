import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { ContainerSeen, Stage, TaskSeen } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { labelNode } from "./own-services.ts";

/** Far more than any node has. */
const TOO_MUCH = "64TB";

/** A service whose task has no place, and what anybody would see of it. */
interface Stuck {
  readonly name: string;
  readonly tasks: readonly TaskSeen[];
  readonly containers: readonly ContainerSeen[];
  readonly list: string;
}

interface Facts {
  readonly constraint: Stuck;
  readonly memory: Stuck;
  /** The swarm's events of both services from before the first was made until both were seen to wait. */
  readonly events: readonly string[];
  readonly placed: Readonly<Record<"constraint" | "memory", readonly TaskSeen[]>>;
  readonly labelled: string;
}

/** Waits until the scheduler has looked for a place for the task, and says what is seen of it. */
async function stuck(stage: Stage, name: string): Promise<Stuck> {
  const tasks = await stage.until<TaskSeen[]>(
    `the task of ${name} says why it waits`,
    30,
    async () => {
      const found = await stage.tasks(name);
      return found.some(({ error }) => error !== "")
        ? { done: found }
        : { waiting: `it is ${found.map(({ state }) => state).join(", ") || "not there"}` };
    },
  );
  const list = `docker service ls --filter name=${name} --format '{{.Replicas}}'`;
  return {
    ...{ name, tasks },
    containers: await stage.serviceContainers(name),
    list: await stage.on(await stage.leader(), list),
  };
}

async function run(stage: Stage): Promise<void> {
  const [worker] = stage.workers;
  if (worker === undefined) throw new Error("a lab without workers");
  const leader = await stage.leader();
  stage.phase(
    "break",
    "one service wants a label that no node has, another more memory than there is",
  );
  const since = await stage.on(leader, "date +%s.%N");
  stage.mark("fault");
  const names = {
    constraint: await stage.startService("nowhere", {
      replicas: 1,
      flags: `--constraint node.labels.drill-${stage.runId}==true`,
    }),
    memory: await stage.startService("greedy", {
      replicas: 1,
      flags: `--reserve-memory ${TOO_MUCH}`,
    }),
  };
  stage.phase("prove", "the commands succeeded, and nothing runs");
  stage.fact("constraint", await stuck(stage, names.constraint));
  stage.fact("memory", await stuck(stage, names.memory));
  const events = `docker events --since ${since} --until "$(date +%s.%N)" --filter scope=swarm --format '{{json .}}'`;
  const told = (await stage.on(leader, events)).split("\n");
  stage.fact(
    "events",
    told.filter((line) => Object.values(names).some((one) => line.includes(one))),
  );
  stage.phase("recover", "the label is put on a node, and the reservation made one that fits");
  stage.fact("labelled", worker.name);
  await labelNode(stage, worker);
  await stage.on(
    leader,
    `docker service update --detach --quiet --reserve-memory 16MB ${names.memory} >/dev/null`,
  );
  stage.phase("verify", "both run, and no one asked for them again");
  const placed = {
    constraint: await stage.tasksRun(names.constraint, 1),
    memory: await stage.tasksRun(names.memory, 1),
  };
  stage.mark("healed");
  stage.fact("placed", placed);
}

/** Waits without a node and without a container, and its error says what of `why` is missing. */
function waits(what: string, { tasks, containers, list }: Stuck, why: RegExp): Check {
  const [task] = tasks;
  const seen = tasks.map(({ state, node, error }) => `${state} on ${node || "no node"}: ${error}`);
  return checkThat(
    `${what}: the task waits, and says why only itself`,
    `pending on no node: ${why.source}; 0/1 listed`,
    `${seen.join(", ") || "no task"}; ${containers.length} containers; ${list} listed`,
    tasks.length === 1 &&
      task?.state === "pending" &&
      task.node === "" &&
      why.test(task.error) &&
      containers.length === 0 &&
      list === "0/1",
  );
}

function judge({ facts }: Evidence): Check[] {
  const { constraint, memory, events, placed, labelled } = facts as unknown as Facts;
  const actions = events.map((line) => {
    const { Type, Action } = JSON.parse(line) as { Type: string; Action: string };
    return `${Type} ${Action}`;
  });
  const words = (tasks: readonly TaskSeen[]) =>
    tasks.map(({ state, node }) => `${state} on ${node}`).join(", ");
  const ids = (tasks: readonly TaskSeen[]) => tasks.map(({ id }) => id);
  return [
    waits("a label that no node has", constraint, /scheduling constraints not satisfied/),
    waits("more memory than there is", memory, /insufficient resources/),
    checkEqual(
      "the events tell that the services were made, and nothing of the wait",
      ["service create", "service create"],
      actions,
    ),
    checkThat(
      "the label lets the very task run that waited",
      `running on ${labelled}`,
      words(placed.constraint),
      words(placed.constraint) === `running on ${labelled}` &&
        ids(placed.constraint)[0] === ids(constraint.tasks)[0],
    ),
    checkThat(
      "a reservation that fits runs at once",
      "1 running, another task than the one that waited",
      words(placed.memory),
      placed.memory.length === 1 &&
        placed.memory.every(({ state }) => state === "running") &&
        ids(placed.memory)[0] !== ids(memory.tasks)[0],
    ),
  ];
}

/** What a swarm does with a task that fits nowhere. */
export const pendingTasks: Drill = {
  name: "pending-tasks",
  question: "I asked for a service, the swarm said yes, and nothing runs. Where does it say why?",
  minutes: 0.5,
  minimumWrites: 0,
  claims: [
    {
      says: "Scaling without capacity raises an error that can trigger autoscaling",
      shows:
        "no error: the command succeeds, and no event tells of it; the task stays pending, and only `docker service ps` says why",
      holds: "no",
    },
    {
      says: "Labels and constraints place tasks",
      shows: "a task whose label no node has waits, and runs once a node gets the label",
      holds: "yes",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 1), need.app(ground)),
  run,
  judge,
};
