import type { StageQuorum } from "../../../components/drills/stage/quorum.ts";
import { forceNewCluster, removeGhosts } from "../../backup/restore-steps.ts";
import { awaitWorkers } from "../../backup/restore-workers.ts";
import { invitation, join } from "../../swarm/join.ts";
import { endLead, leadNodes } from "../../swarm/lead.ts";
import { someAnswer } from "../../swarm/managers.ts";
import { type StageContext, sayBelow } from "./context.ts";

/** By the steps of a restore, without its backup. */
export function stageQuorum({ core, record }: StageContext): StageQuorum {
  const { step } = core;
  const say = sayBelow(record);
  const end = () => endLead(core.workers, say);
  return {
    leadWorkers(survivor) {
      const others = core.managers.filter(({ name }) => name !== survivor.name);
      const gone = others.map(({ address }) => address);
      core.defer("the workers find their managers by themselves", end);
      const typed = `(on each worker) iptables -t nat -A OUTPUT -d ${gone.join(",")} -p tcp --dport 2377 -j DNAT --to ${survivor.address}`;
      return step(null, typed, () => leadNodes(core.workers, { gone, to: survivor.address, say }));
    },
    force: (survivor, { settings }) =>
      step(
        survivor,
        `docker swarm init --force-new-cluster --advertise-addr ${survivor.address} (ForceRotate ${settings.forceRotate})`,
        () => forceNewCluster(survivor, { address: survivor.address, settings }),
      ),
    workersBack: (survivor, before, seconds = 90) =>
      step(survivor, "docker node ls", async () => {
        const workers = before.nodes.filter(({ role }) => role === "worker");
        const missing = await awaitWorkers(survivor, workers, seconds);
        await end();
        return missing;
      }),
    removeGhosts(survivor, before) {
      const managers = before.nodes
        .filter(({ role }) => role === "manager")
        .map(({ id, hostname: name }) => ({ id, name }));
      const own = managers.find(({ name }) => name === survivor.name);
      if (own === undefined) throw new Error(`${survivor.name} was no manager of that swarm`);
      return step(survivor, "docker node rm --force (each that is no manager any more)", () =>
        removeGhosts(survivor, { node: own, managers }),
      );
    },
    async joinBeside(node, availability, among = core.managers) {
      const invited = await someAnswer(among, invitation(node.role));
      const typed = `docker swarm join --token (${node.role}) ${invited.manager.address}:2377`;
      await step(node, typed, () => join(node, invited, { availability, removeGhosts: false }));
    },
  };
}
