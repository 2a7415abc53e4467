import type { PlannedNode } from "../types.ts";
import type { Price, PriceTable } from "./prices.ts";

/** Hours of a month, as AWS's own calculator counts them. */
const MONTH = 730;

export interface EstimateRequest {
  readonly nodes: readonly Pick<PlannedNode, "role">[];
  readonly instanceType: string;
  readonly diskGib: number;
  /** Whether workers are spot instances. */
  readonly spot: boolean;
  /** Availability zones in which a load balancer has an address; 0: there is none. */
  readonly balancedZones: number;
  readonly prices: PriceTable;
}

/** One kind of thing that is charged for. */
export interface CostLine {
  readonly what: string;
  readonly count: number;
  /** US dollars an hour for all of them; absent: the price is not known. */
  readonly usdPerHour?: number;
  /** Where the price comes from. */
  readonly price?: Price;
}

export interface Estimate {
  readonly lines: readonly CostLine[];
  /** US dollars an hour of what is known. */
  readonly usdPerHour: number;
  /** What has no price here: the sum is short of it. */
  readonly unknown: readonly string[];
}

function line(what: string, count: number, price: Price | undefined, hourly = price?.usd ?? 0) {
  if (count === 0) return [];
  return [{ what, count, ...(price ? { usdPerHour: hourly * count, price } : {}) }];
}

/**
 * What a lab costs while it runs: instances, disks, public addresses and a load balancer. Traffic is not in it. A price that is not known is
 * left out of the sum and named, never taken for nothing.
 */
export function estimate(request: EstimateRequest): Estimate {
  const { nodes, instanceType, diskGib, spot, balancedZones, prices } = request;
  const spots = spot ? nodes.filter(({ role }) => role === "worker").length : 0;
  const { diskGibMonth, publicIpv4Hour, loadBalancerHour, instanceHour, spotHour } = prices;
  const disk = ((diskGibMonth?.usd ?? 0) * diskGib) / MONTH;
  const lines: CostLine[] = [
    ...line(`${instanceType} on demand`, nodes.length - spots, instanceHour[instanceType]),
    ...line(`${instanceType} as spot`, spots, spotHour[instanceType]),
    ...line(`gp3 disk of ${diskGib} GiB`, nodes.length, diskGibMonth, disk),
    ...line("public IPv4 address", nodes.length + balancedZones, publicIpv4Hour),
    ...line("network load balancer", Math.min(balancedZones, 1), loadBalancerHour),
  ];
  return {
    lines,
    usdPerHour: lines.reduce((sum, { usdPerHour = 0 }) => sum + usdPerHour, 0),
    unknown: lines.filter(({ price }) => price === undefined).map(({ what }) => what),
  };
}

const count = ({ what, count }: Pick<CostLine, "what" | "count">) => `${count} x ${what}`;

/** The estimate in lines for a person: each kind, the sum, and what it is short of. */
export function describeEstimate({ lines, usdPerHour, unknown }: Estimate): string[] {
  const known = lines.flatMap(({ price, usdPerHour: each = 0, ...rest }) =>
    price
      ? [`${count(rest)}: ${each.toFixed(3)} USD an hour (${price.source}, ${price.asOf})`]
      : [],
  );
  const short = lines.filter(({ price }) => price === undefined).map(count);
  const sum = `${usdPerHour.toFixed(3)} USD an hour, ${(usdPerHour * 24).toFixed(2)} a day`;
  return [
    ...known,
    unknown.length === 0
      ? `together ${sum}, without traffic`
      : `at least ${sum}: without traffic, and no price is known for ${short.join(", ")} (aws.prices)`,
  ];
}
