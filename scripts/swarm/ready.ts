/**
 * The gate between the swarm and what runs on it: every node that it is told of Ready, every manager of
 * them Reachable or Leader, and nothing Unknown, as a manager with quorum sees it. Ends with the last reason otherwise.
 */

import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { parseNodes } from "../../components/swarm/node-list.ts";
import { notReady } from "../../components/swarm/readiness.ts";
import { input, runStep } from "../lib/driver.ts";
import { waitFor } from "../lib/wait.ts";

const LIST = "timeout 8 docker node ls --format '{{json .}}'";

await runStep(async () => {
  const nodes = input<NodeHandle[]>("LAB_NODES");
  const managers = nodes.filter((node) => node.role === "manager");
  let turn = 0;
  return waitFor(
    "all nodes ready and the quorum whole",
    async () => {
      const manager = managers[turn++ % managers.length];
      if (manager === undefined) return { failed: "the lab has no manager" };
      const answer = await execOn(manager, LIST, { timeout: 10_000 });
      if (answer.code !== 0) return { waiting: `${manager.name}: ${answer.stderr.trim()}` };
      const reason = notReady(nodes, parseNodes(answer.stdout));
      return reason === undefined ? { done: { ready: nodes.length } } : { waiting: reason };
    },
    { deadline: 120, interval: 0.15 },
  );
});
