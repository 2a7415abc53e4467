import type { Stage } from "../stage.ts";
import { appServices } from "./app-tasks.ts";

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
    const scale = async (replicas: number) => {
      const leader = await stage.leader();
      await stage.on(leader, `docker service scale --detach ${service}=${replicas} >/dev/null`);
      await stage.until(`${service} has ${replicas} tasks`, 60, async () => {
        const now = await tasks();
        return now.length === replicas ? { done: true } : { waiting: `${now.length}` };
      });
    };
    await scale(before.length - 1);
    await scale(before.length);
    const without = bare(await tasks()).map(({ name }) => name);
    if (without.length > 0)
      throw new Error(`${service} has no task on ${without.join(", ")} still`);
  }
}
