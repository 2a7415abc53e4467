/**
 * Waits until the lab's services run as wanted and answer, then proves that the overlay carries requests between nodes:
 * from a task on each node to every task of the service, by address. What it prints is what was seen, not what is configured.
 */

import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { judgeReach, type NodeReach, parseReach } from "../../components/swarm/reach.ts";
import { LIST_SERVICES, notConverged, parseServices } from "../../components/swarm/service-list.ts";
import type { ConvergedInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { type Look, waitFor } from "../lib/wait.ts";
import { someManager } from "./managers.ts";

async function answers(url: string): Promise<Look<true>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    await response.arrayBuffer();
    return response.ok ? { done: true } : { waiting: `it answers ${response.status}` };
  } catch (error) {
    const cause = (error as Error).cause;
    return { waiting: cause instanceof Error ? cause.message : (error as Error).message };
  }
}

async function probeFrom(node: NodeHandle, service: string, port: number): Promise<NodeReach> {
  const script = `
task=$(docker ps -q --filter label=com.docker.swarm.service.name='${service}' | head -n 1)
[ -z "$task" ] || docker exec "$task" probe '${service}' ${port}`;
  const result = await execOn(node, script, { timeout: 20_000 });
  return parseReach(node.name, result.stdout, result.stderr);
}

await runStep(async () => {
  const { nodes, services, urls, probe } = input<ConvergedInput>("LAB_CONVERGED");
  const via = await someManager(nodes.filter((node) => node.role === "manager"));
  const end = { deadline: 180, interval: 0.25 };
  await waitFor(
    "the services run",
    async () => {
      const states = parseServices(await runOn(via, "listing services", LIST_SERVICES));
      const reasons: string[] = [];
      for (const name of services) {
        const reason = notConverged(states.find((state) => state.name === name));
        if (reason && "failed" in reason) return { failed: `${name}: ${reason.failed}` };
        if (reason) reasons.push(`${name}: ${reason.waiting}`);
      }
      return reasons.length === 0 ? { done: true } : { waiting: reasons.join(", ") };
    },
    end,
  );
  await Promise.all(urls.map((url) => waitFor(`${url} answers`, () => answers(url), end)));
  if (probe === undefined) return { reach: judgeReach([]) };
  const reach = await waitFor(
    "the overlay carries requests between nodes",
    async () => {
      const seen = await Promise.all(
        nodes.map((node) => probeFrom(node, probe.service, probe.port)),
      );
      const verdict = judgeReach(seen);
      return verdict.whole ? { done: verdict } : { waiting: verdict.sentence };
    },
    { deadline: 60, interval: 0.5 },
  );
  return { reach };
});
