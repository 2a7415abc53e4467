import type { Architecture } from "./machine-image.ts";
import { partitionOf } from "./policies.ts";

/**
 * URL of the agent that lets Session Manager in, in the region's own bucket, as AWS's user guide has it for Debian, whose
 * archive does not have the agent. It is the newest one: the guide names no other.
 */
export function agentPackage(region: string, architecture: Architecture): string {
  const suffix = partitionOf(region) === "aws-cn" ? ".cn" : "";
  const bucket = `https://s3.${region}.amazonaws.com${suffix}/amazon-ssm-${region}`;
  return `${bucket}/latest/debian_${architecture}/amazon-ssm-agent.deb`;
}
