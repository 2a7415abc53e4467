import type { Stage } from "../stage.ts";

/** Services of the lab's application, by the tasks that answer when they are asked for their secret. */
export async function appServices(stage: Stage): Promise<string[]> {
  const hashes = await stage.secretHashes();
  const tasks = (await stage.containers()).filter(({ id }) => id in hashes);
  return [...new Set(tasks.map(({ service }) => service))];
}

/**
 * Starts the application's tasks anew: they read their secrets from the swarm as it is now, and are spread over the nodes
 * as they are now, which a swarm does not do by itself when a node comes back.
 */
export async function startTasksAnew(stage: Stage): Promise<void> {
  const leader = await stage.leader();
  for (const service of await appServices(stage))
    await stage.on(
      leader,
      `docker service update --force --detach=false --quiet ${service} >/dev/null`,
      { seconds: 150 },
    );
}
