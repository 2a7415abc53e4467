import { describeEstimate, estimate } from "../components/nodes/aws/estimate.ts";
import { AwsNodes } from "../components/nodes/aws/nodes.ts";
import { planPlacement } from "../components/nodes/aws/placement.ts";
import { priceTable } from "../components/nodes/aws/prices.ts";
import type { LabConfig } from "./config/resolved.ts";
import { refuseUnfinished } from "./unfinished.ts";

/**
 * What stands with provider aws so far: the machines, their network and what they may do, and no swarm on them. First it is
 * reported what they cost.
 */
export function createAwsMachines(config: LabConfig, report: (line: string) => void): AwsNodes {
  refuseUnfinished("aws");
  const { lab, aws, network, labels } = config;
  const { region, instanceType, diskGib, ssh } = aws;
  if (region === undefined) throw new Error("a lab on AWS needs a region");
  const placement = planPlacement({ ...config, region, subnet: network.subnet });
  const spot = aws.workers === "spot";
  const { nodes } = placement;
  const prices = priceTable(aws.prices);
  const cost = estimate({ nodes, instanceType, diskGib, spot, prices });
  for (const line of describeEstimate(cost)) report(line);
  return new AwsNodes("nodes", {
    ...{ lab, placement, instanceType, diskGib, spot, labels },
    ...{ protected: aws.protected, dataPathPort: network.dataPathPort },
    ...(ssh === undefined ? {} : { ssh }),
  });
}
