/** How the scheduler begins its error of a task that no node can take. */
const NOWHERE = "no suitable node";

/** What a manager says about one service, by the facts that hold after failures too. */
export interface ServiceState {
  readonly name: string;
  /** One task on every eligible node. */
  readonly global: boolean;
  /** Tasks wanted, as the engine counts them (a global service wants one for each eligible node). */
  readonly desired: number;
  /** Tasks that are wanted and in state Running. The list's own count still says what was before a failure. */
  readonly running: number;
  /** Ids of the nodes that those run on. */
  readonly runsOn: readonly string[];
  /** "", "updating", "completed", "paused", "rollback_started", "rollback_paused", "rollback_completed". */
  readonly update: string;
  readonly message: string;
  /** Errors of wanted tasks that do not run, the newest first. */
  readonly errors: readonly string[];
}

const ENGINE = "curl -sSf --max-time 8 --unix-socket /var/run/docker.sock -G http://engine";

/**
 * Shell for a manager that prints what `parseServices` reads: two lines of JSON, the services and their wanted tasks, in
 * the words of the engine's API. (`docker service ls`, `inspect` and `ps` would be two processes for each service.)
 */
export const LIST_SERVICES = `${ENGINE}/services -d status=true; echo
${ENGINE}/tasks --data-urlencode 'filters={"desired-state":{"running":true}}'`;

interface SwarmServiceJson {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Mode: { readonly Global?: object } };
  readonly ServiceStatus: { readonly DesiredTasks: number };
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
}

interface TaskJson {
  readonly ServiceID?: string;
  readonly NodeID?: string;
  readonly CreatedAt: string;
  readonly Status: { readonly State: string; readonly Err?: string };
}

/** Parses the output of `LIST_SERVICES`. Throws when it is not that. */
export function parseServices(text: string): ServiceState[] {
  const [services, tasks] = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line)) as [SwarmServiceJson[]?, TaskJson[]?];
  if (!Array.isArray(services) || !Array.isArray(tasks)) {
    throw new Error(`unreadable list of services: ${text.slice(0, 200)}`);
  }
  const newest = [...tasks].sort((a, b) => b.CreatedAt.localeCompare(a.CreatedAt));
  return services.map(({ ID, Spec, ServiceStatus, UpdateStatus }) => {
    const own = newest.filter((task) => task.ServiceID === ID);
    const running = own.filter(({ Status }) => Status.State === "running");
    const waiting = own.filter(({ Status }) => Status.State !== "running");
    return {
      name: Spec.Name,
      global: Spec.Mode.Global !== undefined,
      desired: ServiceStatus.DesiredTasks,
      running: running.length,
      runsOn: [...new Set(running.flatMap(({ NodeID }) => NodeID ?? []))],
      update: UpdateStatus?.State ?? "",
      message: UpdateStatus?.Message ?? "",
      errors: waiting.flatMap(({ Status }) => Status.Err || []),
    };
  });
}

/** Whether its last update was rolled back, or stopped on the way. */
export const wentWrong = ({ update }: Pick<ServiceState, "update">): boolean =>
  /paused|rollback/.test(update);

/** Why a service is not as wanted yet, `failed` when it will not be without a change, undefined when it is. */
export function notConverged(
  state: ServiceState | undefined,
): { waiting: string } | { failed: string } | undefined {
  if (state === undefined) return { waiting: "it does not exist" };
  if (wentWrong(state)) {
    return { failed: `the update went wrong (${state.update}): ${state.message}` };
  }
  if (state.update === "updating") return { waiting: `it is being updated: ${state.message}` };
  // A global service that wants no task was just made: a replicated one may want none on purpose.
  if (state.running === state.desired && (state.desired > 0 || !state.global)) return undefined;
  const [error] = state.errors;
  const count = `${state.running} of ${state.desired} tasks run`;
  return { waiting: error ? `${count}; last error: ${error}` : count };
}

/** Whether the scheduler has found no node for any of the tasks that are missing. */
export const placedNowhere = ({ desired, running, errors }: ServiceState): boolean =>
  errors.length === desired - running && errors.every((error) => error.startsWith(NOWHERE));

/** How far the services of a lab are, a sentence each. */
export interface Converging {
  /** The first that will not be as wanted without a change. */
  readonly failed?: string;
  readonly waiting: readonly string[];
  /** Those that have all the tasks that the nodes which are there can take. */
  readonly short: readonly string[];
}

/**
 * Judges services by their names. While nodes are `away`, one whose missing tasks no other node can take is not waited for:
 * it stays so until they are back.
 */
export function judgeServices(
  states: readonly ServiceState[],
  names: readonly string[],
  away: readonly string[],
): Converging {
  const waiting: string[] = [];
  const short: string[] = [];
  for (const name of names) {
    const state = states.find((one) => one.name === name);
    const reason = notConverged(state);
    if (reason === undefined) continue;
    if ("failed" in reason) return { failed: `${name}: ${reason.failed}`, waiting, short };
    const stuck = state?.errors.some((error) => error.startsWith(NOWHERE));
    (stuck && away.length > 0 ? short : waiting).push(`${name}: ${reason.waiting}`);
  }
  return { waiting, short };
}
