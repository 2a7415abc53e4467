import { answerTime, execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import {
  judgeReach,
  type NodeReach,
  parseReach,
  type Reach,
} from "../../components/swarm/reach.ts";

/** A service of the lab's own application, and the port its tasks listen on. */
export interface ProbedService {
  readonly service: string;
  readonly port: number;
}

/** Seconds that a task has to answer: a fraction of what an engine has. */
const taskTime = (node: NodeHandle) => Math.floor(answerTime(node) / 2);

async function probeFrom(node: NodeHandle, { service, port }: ProbedService): Promise<NodeReach> {
  const script = `
task=$(docker ps -q --filter label=com.docker.swarm.service.name='${service}' | head -n 1)
[ -z "$task" ] || docker exec "$task" probe '${service}' ${port} ${taskTime(node)}`;
  const result = await execOn(node, script, { timeout: 4000 * answerTime(node) });
  return parseReach(node.name, result.stdout, result.stderr);
}

/** Asks from a task on each of the nodes every task of the service, once, and judges what was answered. */
export async function probeReach(
  nodes: readonly NodeHandle[],
  probed: ProbedService,
): Promise<Reach> {
  return judgeReach(await Promise.all(nodes.map((node) => probeFrom(node, probed))));
}
