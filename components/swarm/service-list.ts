/** What a manager says about one service, by the facts that hold after failures too. */
export interface ServiceState {
  readonly name: string;
  /** One task on every eligible node. */
  readonly global: boolean;
  /** Tasks wanted, from the service list ("2/3" wants 3; a global service wants one for each eligible node). */
  readonly desired: number;
  /** Tasks that are wanted and in state Running. The list's own count still says what was before a failure. */
  readonly running: number;
  /** "", "updating", "completed", "paused", "rollback_started", "rollback_paused", "rollback_completed". */
  readonly update: string;
  readonly message: string;
  /** Errors of wanted tasks that do not run, the newest first. */
  readonly errors: readonly string[];
}

/**
 * Shell for a manager that prints what `parseServices` reads: for each service a line "service NAME MODE COUNT/DESIRED",
 * a line "update STATE MESSAGE", and a line "task STATE|ERROR" for each wanted task.
 */
export const LIST_SERVICES = `
docker service ls --format '{{.Name}} {{.Mode}} {{.Replicas}}' | while read -r name rest; do
  echo "service $name $rest"
  docker service inspect --format 'update {{with .UpdateStatus}}{{.State}} {{.Message}}{{end}}' "$name"
  docker service ps --no-trunc --filter desired-state=running --format 'task {{.CurrentState}}|{{.Error}}' "$name"
done`;

interface Draft {
  name: string;
  global: boolean;
  desired: number;
  running: number;
  update: string;
  message: string;
  errors: string[];
}

/** Parses the output of `LIST_SERVICES`. Throws on a line it does not know. */
export function parseServices(text: string): ServiceState[] {
  const services: Draft[] = [];
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [kind = "", rest = ""] = line.split(/ (.*)/s);
    const service = services.at(-1);
    if (kind === "service") {
      const [, name = "", mode, desired] = /^(\S+) (\D+) \d+\/(\d+)/.exec(rest) ?? [];
      if (name === "") throw new Error(`unreadable line about a service: ${line}`);
      const counted = { desired: Number(desired), running: 0, update: "", message: "" };
      services.push({ name, global: mode === "global", ...counted, errors: [] });
    } else if (kind === "update" && service) {
      const [state = "", message = ""] = rest.split(/ (.*)/s);
      service.update = state;
      service.message = message;
    } else if (kind === "task" && service) {
      const [state = "", error = ""] = rest.split(/\|(.*)/s);
      if (state.startsWith("Running")) service.running += 1;
      else if (error !== "") service.errors.push(error);
    } else {
      throw new Error(`unreadable line about services: ${line}`);
    }
  }
  return services;
}

/** Why a service is not as wanted yet, `failed` when it will not be without a change, undefined when it is. */
export function notConverged(
  state: ServiceState | undefined,
): { waiting: string } | { failed: string } | undefined {
  if (state === undefined) return { waiting: "it does not exist" };
  if (/paused|rollback/.test(state.update)) {
    return { failed: `the update went wrong (${state.update}): ${state.message}` };
  }
  if (state.update === "updating") return { waiting: `it is being updated: ${state.message}` };
  // A global service that wants no task was just made: a replicated one may want none on purpose.
  if (state.running === state.desired && (state.desired > 0 || !state.global)) return undefined;
  const [error] = state.errors;
  const count = `${state.running} of ${state.desired} tasks run`;
  return { waiting: error ? `${count}; last error: ${error}` : count };
}
