import { majority, tolerance, zoneLoss } from "../components/swarm/quorum.ts";
import { nodesOf, type SeenNode } from "./nodes-of.ts";
import type { PolicyResource, StackPolicy, StackProblem } from "./policy.ts";

const managersOf = (nodes: readonly SeenNode[]) => nodes.filter(({ role }) => role === "manager");

/** An even count bears no more losses than the odd one below it, and is one more that can fail. */
export const oddManagers: StackPolicy = {
  name: "odd-managers",
  description: "The swarm has an odd number of managers.",
  level: "mandatory",
  judgeAll(resources) {
    const count = managersOf(nodesOf(resources)).length;
    if (count % 2 === 1 || count === 0) return [];
    const need = `an odd number: ${count} bear the loss of ${tolerance(count)}, as ${count - 1} do`;
    const fix = "set managers to 1, 3, 5 or 7; with provider hosts change a host's role";
    return [{ where: "managers", got: String(count), need, fix }];
  },
};

/** With as many zones no placement has to give one a majority. */
const ENOUGH = 3;

const zonesOf = (nodes: readonly SeenNode[]) => new Set(nodes.map(({ zone }) => zone)).size;

/** The zones whose loss takes the quorum. Fewer than three managers have such a zone wherever they are. */
function fatalZones(nodes: readonly SeenNode[]): StackProblem[] {
  const managers = managersOf(nodes);
  if (managers.length < 3) return [];
  const lost = [...zoneLoss(nodes)].filter(([, { holds }]) => !holds);
  return lost.map(([zone]) => {
    const inside = managers.filter((node) => node.zone === zone).map(({ name }) => name);
    const most = managers.length - majority(managers.length);
    return {
      where: `zone ${zone}`,
      got: `${inside.length} of ${managers.length} managers (${inside.join(", ")})`,
      need: `at most ${most}: with the zone the quorum is lost`,
      fix: "spread the managers over three zones or more (zones; with provider hosts each host's zone)",
    };
  });
}

const spread = (judge: (zones: number) => boolean) => (resources: readonly PolicyResource[]) => {
  const nodes = nodesOf(resources);
  return judge(zonesOf(nodes)) ? fatalZones(nodes) : [];
};

/** Where the lab has zones enough, a majority in one of them is a mistake of placement. */
export const managersOverZones: StackPolicy = {
  name: "managers-over-zones",
  description: "With three zones or more, none holds a majority of the managers.",
  level: "mandatory",
  judgeAll: spread((zones) => zones >= ENOUGH),
};

/** A lab in one zone or two is a choice, which the configuration warns of and does not refuse. */
export const enoughZones: StackPolicy = {
  name: "enough-zones",
  description: "The managers stand in three zones or more.",
  level: "advisory",
  judgeAll: spread((zones) => zones < ENOUGH),
};
