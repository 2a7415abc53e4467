import type { NodeHandle } from "../../components/nodes/types.ts";
import {
  LIST_SERVICES,
  notConverged,
  parseServices,
  type ServiceState,
} from "../../components/swarm/service-list.ts";
import { askManagers } from "./managers.ts";

/** Between two looks. The client's own wait (`--detach=false`) looks on for five seconds more when all is as wanted. */
const INTERVAL = 300;

/** Whether an update that was begun a moment ago is over: until it is seen to have ended it may not have begun. Pure. */
export const updated = (state: ServiceState | undefined): boolean =>
  state?.update === "completed" && notConverged(state) === undefined;

/** Whether a service runs as many tasks as it wants, whatever became of its last update. Pure. */
export const converged = (state: ServiceState | undefined): boolean =>
  state !== undefined && state.running === state.desired;

/** Waits until services are as `done` says; whether they are within `seconds`. */
export async function awaitServices(
  via: NodeHandle,
  names: readonly string[],
  { done, seconds }: { done: (state: ServiceState | undefined) => boolean; seconds: number },
): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const answer = await askManagers([via], LIST_SERVICES);
    const states = answer === undefined ? [] : parseServices(answer.stdout);
    if (names.every((name) => done(states.find((one) => one.name === name)))) return true;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
  return false;
}
