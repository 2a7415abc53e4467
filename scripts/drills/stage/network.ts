import type { StageNetwork } from "../../../components/drills/stage/network.ts";
import { cutFrom, UNCUT } from "../../../components/nodes/cut.ts";
import { execOn, runOn } from "../../../components/nodes/exec.ts";
import { enginePower } from "../../../components/nodes/power.ts";
import type { NodeHandle } from "../../../components/nodes/types.ts";
import type { StageContext } from "./context.ts";

const named = (group: readonly NodeHandle[]) => group.map(({ name }) => name).join(" ");

/** By packet rules on the nodes themselves. */
export function stageNetwork({ core }: Pick<StageContext, "core">): StageNetwork {
  const { nodes, step } = core;
  const uncut = async (node: NodeHandle) => {
    // What is off has no rules, and has none when it starts.
    if ((await enginePower(node)) === "on") await runOn(node, "healing its network", UNCUT);
  };
  const heal = async () => {
    await step(null, "(the network is healed)", () => Promise.all(nodes.map(uncut)));
  };
  return {
    async cut(...groups) {
      core.defer("the network is whole", () => Promise.all(nodes.map(uncut)));
      const cuts = groups.flatMap((group) => {
        const others = groups.filter((one) => one !== group).flat();
        return group.map((node) => ({ node, from: others.map(({ address }) => address) }));
      });
      await step(null, `(the network is cut: ${groups.map(named).join(" | ")})`, () =>
        Promise.all(cuts.map(({ node, from }) => runOn(node, "cutting it off", cutFrom(from)))),
      );
    },
    heal,
    async reached(from) {
      const asked = nodes
        .filter(({ name }) => name !== from.name)
        .map(async ({ name, role, address }) => {
          // Managers serve on 2377; a drained one need not listen for gossip. A refused connection takes no time either.
          const url = `https://${address}:${role === "manager" ? 2377 : 7946}`;
          const ask = `curl -s -o /dev/null -w '%{time_connect}' --max-time 3 ${url} || :`;
          const { stdout } = await execOn(from, ask, { timeout: 6000 });
          return Number(stdout) > 0 ? [name] : [];
        });
      return (await Promise.all(asked)).flat();
    },
  };
}
