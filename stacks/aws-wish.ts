import type { AwsWish } from "../components/nodes/aws/account-facts.ts";
import { planPlacement } from "../components/nodes/aws/placement.ts";
import type { LabConfig } from "./config/resolved.ts";

/** What the configuration of a lab on AWS asks an account for. */
export function wishOf(config: LabConfig): AwsWish {
  const { region, instanceType, workers, loadBalancer } = config.aws;
  if (region === undefined) throw new Error("a lab on AWS needs a region");
  return {
    placement: planPlacement({ ...config, region, subnet: config.network.subnet }),
    ...{ instanceType, spot: workers === "spot", balanced: loadBalancer !== undefined },
  };
}
