import type { Stage } from "../stage.ts";
import { appServices } from "./app-tasks.ts";
import { whileChanged } from "./service-change.ts";

/**
 * Gives every worker a task of the application again, as a lab has it and drills need it: a swarm moves nothing back to a
 * node that returns. One task less and one more does it, as the scheduler puts a new one where there are fewest.
 */
export async function spreadAgain(stage: Stage): Promise<void> {
  for (const service of await appServices(stage)) {
    const tasks = async () => (await stage.containers()).filter((one) => one.service === service);
    const bare = (all: Awaited<ReturnType<typeof tasks>>) =>
      stage.workers.filter(({ name }) => !all.some(({ node }) => node === name));
    const before = await tasks();
    if (bare(before).length === 0 || before.length < 2) continue;
    const count = (wanted: number) =>
      stage.until(`${service} has ${wanted} tasks`, 60, async () => {
        const now = await tasks();
        return now.length === wanted ? { done: true } : { waiting: `${now.length}` };
      });
    const replicas = (wanted: number) => `--replicas ${wanted}`;
    const change = { to: replicas(before.length - 1), back: replicas(before.length) };
    await whileChanged(stage, service, change, async () => {
      await count(before.length - 1);
    });
    await count(before.length);
    const without = bare(await tasks()).map(({ name }) => name);
    if (without.length > 0)
      throw new Error(`${service} has no task on ${without.join(", ")} still`);
  }
}
