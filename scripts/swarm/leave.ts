/**
 * Takes one node out of the swarm before its machine goes (or, with LAB_ENDING, with the whole lab): drain, wait until its tasks are gone, demote, leave,
 * remove. Refuses when the managers that stay would have no quorum, unless LAB_LOSE_QUORUM says that this is wanted; then
 * its entry stays, as nobody is left who could remove it. A node that is gone already is only removed.
 */

import { UserError } from "../../components/errors.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { parseNodes } from "../../components/swarm/node-list.ts";
import { removalProblem } from "../../components/swarm/removal.ts";
import type { MemberInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { waitFor } from "../lib/wait.ts";
import { changeOn, someManager } from "./managers.ts";

const LIST = "docker node ls --format '{{json .}}'";

await runStep(async () => {
  const { node } = input<MemberInput>("LAB_MEMBER");
  const peers = input<NodeHandle[]>("LAB_PEERS").filter((peer) => peer.name !== node.name);
  if (process.env.LAB_ENDING === "yes") return endSwarm(node);
  const via = await someManager(peers); // without a quorum nobody leaves cleanly
  const entries = parseNodes(await runOn(via, "listing nodes", LIST));
  const told = process.env.LAB_LOSE_QUORUM === "yes";
  const mine = entries.filter((entry) => entry.hostname === node.name);
  for (const entry of mine) {
    const problem = removalProblem(entries, entry.id);
    if (problem !== undefined && !told)
      throw new UserError(
        `${node.name}: ${problem}, or lose it on purpose with \`npm run up -- --lose-quorum\``,
      );
    if (problem !== undefined) return loseQuorum(node);
    if (entry.status === "Ready") await drain(via, entry.id);
    if (entry.managerStatus !== "")
      await changeOn(via, "demoting", `docker node demote ${entry.id}`);
  }
  await execOn(node, "timeout 30 docker swarm leave --force", { timeout: 40_000 });
  for (const { id } of mine) {
    await waitFor(
      `${node.name} is out of the swarm`,
      async () => {
        const removed = await execOn(via, `docker node rm --force ${id}`);
        const gone = removed.code === 0 || /not found/.test(removed.stderr);
        return gone ? { done: true } : { waiting: removed.stderr.trim() };
      },
      { deadline: 60, interval: 0.5 },
    );
  }
  return { node: node.name, removed: mine.map(({ id }) => id) };
});

/** The whole lab goes: nobody is left for whom the rest of the swarm would matter, and nobody may be left to be asked. */
async function endSwarm(node: NodeHandle) {
  await execOn(node, "timeout 30 docker swarm leave --force", { timeout: 40_000 });
  return { node: node.name, removed: [] };
}

/** The managers that stay are fewer than a quorum from now on: they answer reads for some seconds, and then nothing. */
async function loseQuorum(node: NodeHandle) {
  await execOn(node, "timeout 30 docker swarm leave --force", { timeout: 40_000 });
  process.stderr.write(
    `${node.name} has left, and the managers that stay have no quorum, as was asked for. Once one that is down is back: docker node rm --force ${node.name}\n`,
  );
  return { node: node.name, removed: [] };
}

/** Drain first and wait for it: removing a node with tasks leaks their overlay addresses (moby#37338). */
async function drain(via: NodeHandle, id: string): Promise<void> {
  await changeOn(via, "draining", `docker node update --availability drain ${id} >/dev/null`);
  const running = `docker node ps ${id} --filter desired-state=running --format '{{.ID}}'`;
  await waitFor(
    "its tasks have moved",
    async () => {
      const tasks = (await runOn(via, "listing tasks", running)).trim();
      return tasks === "" ? { done: true } : { waiting: `${tasks.split("\n").length} still there` };
    },
    { deadline: 90, interval: 0.5 },
  );
}
