import type {
  ContainerSeen,
  ServiceSeen,
  TaskSeen,
} from "../../../components/drills/stage/services.ts";

const ENGINE = "curl -sSf --max-time 8 --unix-socket /var/run/docker.sock -G http://engine";

/** Shell for a manager: the tasks of a service and the nodes, as the engine's API has them, a line of JSON each. */
export const listTasks = (service: string) => `${ENGINE}/tasks --data-urlencode \
'filters={"service":{"${service}":true}}'; echo; ${ENGINE}/nodes`;

interface TaskJson {
  readonly ID: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly DesiredState: string;
  readonly Spec: { readonly ContainerSpec: { readonly Image: string } };
  readonly Status: { readonly State: string; readonly Err?: string; readonly Timestamp: string };
}

interface NodeJson {
  readonly ID: string;
  readonly Description: { readonly Hostname: string };
}

/** Reads the output of `listTasks`, by slot and the newest of each first. Throws when it is not that. */
export function parseTasks(text: string): TaskSeen[] {
  const [tasks, nodes] = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line)) as [TaskJson[]?, NodeJson[]?];
  if (!Array.isArray(tasks) || !Array.isArray(nodes))
    throw new Error(`unreadable list of tasks: ${text.slice(0, 200)}`);
  const names = new Map(nodes.map(({ ID, Description }) => [ID, Description.Hostname]));
  return tasks
    .map(({ ID, Slot = 0, NodeID = "", DesiredState, Spec, Status }) => ({
      ...{ id: ID, slot: Slot, node: names.get(NodeID) ?? NodeID },
      ...{ desired: DesiredState, state: Status.State, error: Status.Err ?? "" },
      ...{ image: Spec.ContainerSpec.Image, at: Date.parse(Status.Timestamp) },
    }))
    .sort((a, b) => a.slot - b.slot || b.at - a.at);
}

/** Shell for a node: the containers of a service, also those that are over, a line of JSON each. */
export const listContainers = (service: string) => `docker ps --all --quiet --no-trunc \
--filter label=com.docker.swarm.service.name=${service} | xargs -r docker inspect --format '{{json .}}'`;

interface ContainerJson {
  readonly Id: string;
  readonly Image: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: { readonly Status: string };
  };
}

/** The engine writes year 1 for what has not happened. */
const moment = (text: string) => (text.startsWith("0001-") ? null : Date.parse(text));

export function parseContainers(node: string, text: string): ContainerSeen[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as ContainerJson)
    .map(({ Id, Image, Config, State }) => ({
      ...{ node, id: Id.slice(0, 12), image: Image },
      task: Config.Labels["com.docker.swarm.task.id"] ?? "",
      ...{ status: State.Status, health: State.Health?.Status ?? "none" },
      ...{ exitCode: State.ExitCode, startedAt: moment(State.StartedAt) },
      finishedAt: State.Status === "running" ? null : moment(State.FinishedAt),
    }));
}

interface ServiceJson {
  readonly Spec: { readonly TaskTemplate: { readonly ContainerSpec: { readonly Image: string } } };
  readonly PreviousSpec?: ServiceJson["Spec"] | null;
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
}

/** Reads `docker service inspect --format '{{json .}}'`. */
export function parseService(text: string): ServiceSeen {
  const { Spec, PreviousSpec, UpdateStatus } = JSON.parse(text) as ServiceJson;
  return {
    image: Spec.TaskTemplate.ContainerSpec.Image,
    previousImage: PreviousSpec?.TaskTemplate.ContainerSpec.Image ?? "",
    update: UpdateStatus?.State ?? "",
    message: UpdateStatus?.Message ?? "",
  };
}
