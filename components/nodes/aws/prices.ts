/** What AWS charges, as far as it is known here, in US dollars. A table of the user's own goes before it. */

/** One price and where it comes from: without the two it is not a fact but a guess. */
export interface Price {
  readonly usd: number;
  /** The day since when, or at which, it held: year-month-day. */
  readonly asOf: string;
  readonly source: string;
}

export interface PriceTable {
  /** One public IPv4 address, an hour. */
  readonly publicIpv4Hour?: Price;
  /** One GiB of a gp3 disk, a month. */
  readonly diskGibMonth?: Price;
  /** One network load balancer, an hour, without what it forwards. */
  readonly loadBalancerHour?: Price;
  /** One instance on demand, an hour, by instance type. */
  readonly instanceHour: Readonly<Record<string, Price>>;
  /** One spot instance, an hour, by instance type: what it was when the user looked. */
  readonly spotHour: Readonly<Record<string, Price>>;
}

/**
 * The one price that is the same in all regions and that AWS announced in one sentence. Instances and disks differ by region
 * and change: what the user's table does not have of them is said to be unknown.
 */
export const KNOWN_PRICES: PriceTable = {
  publicIpv4Hour: {
    usd: 0.005,
    asOf: "2024-02-01",
    source: "AWS's announcement of the charge for public IPv4 addresses",
  },
  instanceHour: {},
  spotHour: {},
};

/** Prices as the configuration has them: figures, and the day on which they were read. */
export interface GivenPrices {
  readonly asOf?: string;
  readonly publicIpv4Hour?: number;
  readonly diskGibMonth?: number;
  readonly loadBalancerHour?: number;
  readonly instanceHour: Readonly<Record<string, number>>;
  readonly spotHour: Readonly<Record<string, number>>;
}

/** The user's prices, and where there is none the known one. */
export function priceTable(given: GivenPrices): PriceTable {
  const asOf = given.asOf ?? "no day given";
  const price = (usd: number): Price => ({ usd, asOf, source: "the configuration" });
  const all = (table: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(table).map(([type, usd]) => [type, price(usd)]));
  const { publicIpv4Hour, diskGibMonth, loadBalancerHour } = given;
  return {
    ...KNOWN_PRICES,
    ...(publicIpv4Hour === undefined ? {} : { publicIpv4Hour: price(publicIpv4Hour) }),
    ...(diskGibMonth === undefined ? {} : { diskGibMonth: price(diskGibMonth) }),
    ...(loadBalancerHour === undefined ? {} : { loadBalancerHour: price(loadBalancerHour) }),
    instanceHour: all(given.instanceHour),
    spotHour: all(given.spotHour),
  };
}
