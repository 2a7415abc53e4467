import { setTimeout as sleep } from "node:timers/promises";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { LIST_SERVICES, notConverged, parseServices } from "../../components/swarm/service-list.ts";
import { askManagers } from "../swarm/managers.ts";

/** One look at a lab from outside: whether there is a leader, all tasks run, and requests are answered. */
export interface Look {
  readonly at: number;
  readonly leader: boolean;
  readonly replicas: boolean;
  readonly request: boolean;
}

async function answered(urls: readonly string[]): Promise<boolean> {
  const asked = urls.map(async (url) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  });
  return (await Promise.allSettled(asked)).every((one) => one.status === "fulfilled" && one.value);
}

async function looked(managers: readonly NodeHandle[]): Promise<Pick<Look, "leader" | "replicas">> {
  const answer = await askManagers(managers, LIST_SERVICES).catch(() => undefined);
  if (answer === undefined) return { leader: false, replicas: false };
  const services = parseServices(answer.stdout);
  return { leader: true, replicas: services.every((one) => notConverged(one) === undefined) };
}

/**
 * When each thing came back after a fault: the first look from which on it stayed well. A thing that never failed has the
 * moment of the fault itself, and one that did not come back has none.
 */
export function recoveries(
  looks: readonly Look[],
  fault: number,
): Partial<Record<"leader" | "replicas" | "request", number>> {
  const found: Partial<Record<"leader" | "replicas" | "request", number>> = {};
  const since = looks.filter(({ at }) => at >= fault);
  for (const key of ["leader", "replicas", "request"] as const) {
    const lastBad = since.findLastIndex((look) => !look[key]);
    const first = since[lastBad + 1];
    if (first !== undefined) found[key] = lastBad < 0 ? fault : first.at;
  }
  return found;
}

/** Looks about once a second, from now until `stop`; a look that takes long (a swarm without a leader) delays the next. */
export class Watch {
  readonly looks: Look[] = [];
  private running = true;
  private readonly done: Promise<unknown>;

  constructor(managers: readonly NodeHandle[], urls: readonly string[]) {
    this.done = Promise.all([this.swarm(managers), this.requests(urls)]);
  }

  private last = { leader: true, replicas: true, request: true };

  private take(change: Partial<Look>): void {
    this.last = { ...this.last, ...change };
    this.looks.push({ at: Date.now(), ...this.last });
  }

  private async swarm(managers: readonly NodeHandle[]): Promise<void> {
    while (this.running) {
      this.take(await looked(managers));
      await sleep(1000);
    }
  }

  private async requests(urls: readonly string[]): Promise<void> {
    while (this.running && urls.length > 0) {
      this.take({ request: await answered(urls) });
      await sleep(500);
    }
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.done;
  }
}
