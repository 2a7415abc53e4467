import { Address4 } from "ip-address";
import { vpcOf, ZONE_LETTERS } from "../../../components/nodes/aws/placement.ts";
import { overlaps } from "../../../components/nodes/plan.ts";
import type { Finding } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";
import { containerErrors } from "./containers.ts";
import { loadBalancerErrors } from "./load-balancer.ts";
import { tagErrors } from "./tags.ts";

export function awsErrors(config: LabConfig): Finding[] {
  if (config.provider !== "aws") return strayErrors(config);
  return [
    ...regionErrors(config),
    ...zoneErrors(config),
    ...vpcErrors(config),
    ...tagErrors(config),
    ...containerErrors(config),
    ...loadBalancerErrors(config),
  ];
}

function strayErrors({ provider, aws }: LabConfig): Finding[] {
  const need = `nothing with provider ${provider}`;
  const fix = "set provider to aws, or remove the setting";
  const given = { region: aws.region, bucket: aws.bucket, loadBalancer: aws.loadBalancer };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ path: ["aws", key], value, need, fix }));
}

function regionErrors({ aws }: LabConfig): Finding[] {
  if (aws.region !== undefined) return [];
  const need = 'the region of the lab, such as "eu-central-1"';
  return [{ path: ["aws", "region"], value: undefined, need }];
}

function zoneErrors({ zones }: LabConfig): Finding[] {
  const need = `the letter that the name of an availability zone ends with, ${ZONE_LETTERS[0]} to ${ZONE_LETTERS.at(-1)}`;
  const fix = "write a for eu-central-1a";
  return zones.flatMap((zone, at) =>
    ZONE_LETTERS.includes(zone) ? [] : [{ path: ["zones", at], value: zone, need, fix }],
  );
}

/** What AWS takes as a VPC, and of that what has room for fifty workers in one of its eight parts. */
const LARGEST = 16;
const SMALLEST = 22;

function vpcErrors({ lab, network }: LabConfig): Finding[] {
  const path = ["network", "subnet"];
  const { subnet } = network;
  if (subnet === "auto") return autoErrors(vpcOf(lab), network);
  const { subnetMask } = new Address4(subnet);
  if (subnetMask >= LARGEST && subnetMask <= SMALLEST) return [];
  const need = `a network from /${LARGEST} to /${SMALLEST} with provider aws: it is cut into eight, one subnet for each zone`;
  return [{ path, value: subnet, need, fix: 'make it larger, or set it to "auto"' }];
}

/** The lab's name alone decides its VPC, so it is the others that have to give way. */
function autoErrors(vpc: string, { addressPool, overlays }: LabConfig["network"]): Finding[] {
  const ranges = [
    { path: ["network", "addressPool", "subnet"], cidr: addressPool.subnet },
    ...Object.entries(overlays).map(([name, { subnet }]) => ({
      path: ["network", "overlays", name, "subnet"],
      cidr: subnet,
    })),
  ].filter(({ cidr }) => cidr !== "auto");
  return ranges
    .filter(({ cidr }) => overlaps(cidr, vpc))
    .map(({ path, cidr }) => ({
      ...{ path, value: cidr, need: `a network apart from the lab's VPC (${vpc})` },
      fix: "choose another range, or name the VPC's in network.subnet",
    }));
}

/** Elastic IP addresses of one account in one region, until AWS grants more. */
const ADDRESSES = 5;

export function awsWarnings({ provider, managers, workers }: LabConfig): Finding[] {
  const nodes = managers + workers;
  if (provider !== "aws" || nodes <= ADDRESSES) return [];
  const need = `at most ${ADDRESSES} unless AWS granted the account more: each has an Elastic IP address`;
  return [{ path: ["workers"], got: `${nodes} nodes`, need }];
}
