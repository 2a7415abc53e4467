import type { StageSwarm, TaskContainer } from "../../../components/drills/stage/swarm.ts";
import { execOn } from "../../../components/nodes/exec.ts";
import type { NodeHandle } from "../../../components/nodes/types.ts";
import { mustReadSwarm } from "../../backup/read-swarm.ts";
import { rejoinManager, rejoinWorker } from "../../swarm/rejoin.ts";
import { awaitReach, awaitWhole, dataPlaneProbe } from "../lab-health.ts";
import type { StageContext } from "./context.ts";

const TASKS = `for id in $(docker ps -q --filter label=com.docker.swarm.task.id); do
  docker inspect --format '{{.Id}} {{.State.StartedAt}} {{index .Config.Labels "com.docker.swarm.service.name"}}' "$id"
done`;

/** The tasks' containers of one node; none where it does not answer. */
async function containersOn(node: NodeHandle): Promise<TaskContainer[]> {
  const { code, stdout } = await execOn(node, TASKS, { timeout: 20_000 });
  if (code !== 0) return [];
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [id = "", startedAt = "", service = ""] = line.split(" ");
      return { node: node.name, service, id: id.slice(0, 12), startedAt };
    });
}

/** SHA-256 of each secret that a container reads, in the order of their names; what the node said where it could not. */
async function secretsIn(node: NodeHandle, id: string): Promise<string> {
  const script = `docker exec ${id} sh -c 'for f in /run/secrets/*; do sha256sum < "$f"; done'`;
  const { code, stdout, stderr } = await execOn(node, script, { timeout: 15_000 });
  if (code !== 0) return stderr.trim();
  return stdout
    .split("\n")
    .map((line) => line.split(" ")[0])
    .filter(Boolean)
    .join(" ");
}

/** Asked of whichever manager answers, and of the workers about what runs on them. */
export function stageSwarm({ core, description, record }: StageContext): StageSwarm {
  const { managers, workers } = core;
  const containers = async () => (await Promise.all(workers.map(containersOn))).flat();
  return {
    fingerprint: async () => (await mustReadSwarm(managers, "drill")).fingerprint,
    containers,
    async secretHashes() {
      const apps = Object.keys(description.gateway.apps);
      const tasks = (await containers()).filter(({ service }) => apps.includes(service));
      const read = tasks.map(async ({ node, id }) => {
        const holder = workers.find(({ name }) => name === node);
        return [id, holder === undefined ? "no node" : await secretsIn(holder, id)] as const;
      });
      return Object.fromEntries(await Promise.all(read));
    },
    async rejoin(node, wanted) {
      const leader = await core.leader();
      const typed = `docker swarm join --token (${node.role}) ${leader.address}:2377`;
      await core.step(node, typed, () =>
        node.role === "manager"
          ? rejoinManager(node, leader, wanted, record.evidence.runId)
          : rejoinWorker(node, leader, wanted),
      );
    },
    async overlay(own) {
      const { app } = description;
      const probe =
        own === undefined || app === undefined
          ? dataPlaneProbe(description)
          : () => awaitReach(own.nodes, { ...app, service: own.service });
      return probe === undefined ? "not asked" : core.step(null, "(requests between tasks)", probe);
    },
    whole: (deadline) => core.step(null, "npm run status", () => awaitWhole(description, deadline)),
  };
}
