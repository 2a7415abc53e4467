/** Where the machines of a lab on AWS stand: zones, subnets and addresses, all known before anything is made. */
import { Address4 } from "ip-address";
import { addressAt, type PlanRequest, planSeats, subnetCandidates } from "../plan.ts";
import type { PlannedNode } from "../types.ts";

/** The letters that the names of a region's availability zones end with; us-east-1 has the most of them, a to f. */
export const ZONE_LETTERS: readonly string[] = [..."abcdefgh"];

/** A VPC is cut into eight, one part for each letter. */
const CUT = 3;

/** Prefix length of a VPC that is chosen here: subnets of /24, so that a node's last figure is the same as elsewhere. */
const AUTO_PREFIX = 21;

export interface PlacementRequest extends PlanRequest {
  readonly lab: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** IPv4 CIDR of the VPC, or "auto": one that the lab's name decides. */
  readonly subnet: string;
}

/** The public subnet of one availability zone. */
export interface ZoneSubnet {
  /** The lab's name for the zone, its letter. */
  readonly zone: string;
  /** AWS's name for it, such as `eu-central-1a`. Which building that is differs between accounts. */
  readonly availabilityZone: string;
  readonly cidr: string;
}

export interface Placement {
  readonly region: string;
  readonly vpc: string;
  readonly subnets: readonly ZoneSubnet[];
  readonly nodes: readonly PlannedNode[];
}

/**
 * The VPC of a lab that names none: a /21 of 10.210.0.0 to 10.249.255.0. The lab's name alone decides it: another setting
 * must never move a lab that stands, since a VPC's range cannot be changed.
 */
export function vpcOf(lab: string): string {
  const [first = ""] = subnetCandidates(lab);
  return new Address4(first.replace("/24", `/${AUTO_PREFIX}`)).networkForm();
}

/**
 * The subnet of a zone within a VPC. The zone's letter alone decides it, so a zone more or less, or the same ones in
 * another order, replaces no subnet. A RangeError for what is no letter of a zone.
 */
export function subnetOf(vpc: string, zone: string): string {
  const at = ZONE_LETTERS.indexOf(zone);
  if (at < 0) throw new RangeError(`${zone} is not one of the zones ${ZONE_LETTERS.join(", ")}`);
  const whole = new Address4(vpc);
  const prefix = whole.subnetMask + CUT;
  const first = whole.startAddress().offset(at * 2 ** (32 - prefix));
  return `${first.correctForm()}/${prefix}`;
}

/** Parts of a subnet, by the offset of each: no node is beyond them, and the smallest subnet has a quarter left. */
const RESERVED: readonly (readonly [offset: number, prefix: number])[] = [
  [0, 26],
  [64, 27],
];

/**
 * The CIDRs of a subnet within which nodes have their addresses. What AWS makes itself, such as the interfaces of a load
 * balancer, takes any that is free, and so the one of a node that is to come, unless these are reserved.
 */
export function reservedRanges(cidr: string): string[] {
  const first = new Address4(cidr).startAddress();
  return RESERVED.map(([offset, prefix]) => `${first.offset(offset).correctForm()}/${prefix}`);
}

/**
 * Zones to subnets, nodes to zones and addresses. AWS keeps the first four addresses of a subnet and its last for itself;
 * nodes begin at the twelfth.
 */
export function planPlacement(request: PlacementRequest): Placement {
  const { lab, region, subnet, zones } = request;
  const vpc = subnet === "auto" ? vpcOf(lab) : subnet;
  return {
    ...{ region, vpc },
    subnets: zones.map((zone) => ({
      zone,
      availabilityZone: `${region}${zone}`,
      cidr: subnetOf(vpc, zone),
    })),
    nodes: planSeats(request).map(({ offset, ...node }) => ({
      ...node,
      address: addressAt(subnetOf(vpc, node.zone), offset),
    })),
  };
}
