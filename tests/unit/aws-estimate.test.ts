import { describe, expect, test } from "vitest";
import {
  describeEstimate,
  type EstimateRequest,
  estimate,
} from "../../components/nodes/aws/estimate.ts";
import { KNOWN_PRICES, priceTable } from "../../components/nodes/aws/prices.ts";

const nodes = [..."mmmww"].map((letter) => ({
  role: letter === "m" ? ("manager" as const) : ("worker" as const),
}));
const NONE = { instanceHour: {}, spotHour: {} };
const GIVEN = {
  asOf: "2026-01-31",
  diskGibMonth: 0.073,
  instanceHour: { "t3.small": 0.02 },
  spotHour: { "t3.small": 0.01 },
};
const request = (changes: Partial<EstimateRequest> = {}): EstimateRequest => ({
  ...{ nodes, instanceType: "t3.small", diskGib: 20, spot: false, balancedZones: 0 },
  prices: priceTable(GIVEN),
  ...changes,
});

describe("the estimate of what a lab on AWS costs", () => {
  test("counts instances, disks and addresses", () => {
    const { usdPerHour, unknown } = estimate(request());
    // 5 instances at 0.02, 5 disks of 20 GiB at 0.073 / 730 a GiB, 5 addresses at 0.005
    expect(usdPerHour).toBeCloseTo(0.1 + 0.01 + 0.025, 10);
    expect(unknown).toEqual([]);
  });

  test("knows workers that are spot instances by their own price, and managers never are", () => {
    const { lines, usdPerHour } = estimate(request({ spot: true }));
    expect(lines.map(({ what, count }) => [what, count]).slice(0, 2)).toEqual([
      ["t3.small on demand", 3],
      ["t3.small as spot", 2],
    ]);
    expect(usdPerHour).toBeCloseTo(0.06 + 0.02 + 0.01 + 0.025, 10);
  });

  test("takes no unknown price for nothing: it names what the sum is short of", () => {
    const prices = priceTable(NONE);
    const { usdPerHour, unknown } = estimate(request({ prices }));
    expect(usdPerHour).toBeCloseTo(0.025, 10);
    expect(unknown).toEqual(["t3.small on demand", "gp3 disk of 20 GiB"]);
    expect(describeEstimate(estimate(request({ prices })))).toEqual([
      "5 x public IPv4 address: 0.025 USD an hour (AWS's announcement of the charge for public IPv4 addresses, 2024-02-01)",
      "at least 0.025 USD an hour, 0.60 a day: without traffic, and no price is known for 5 x t3.small on demand, 5 x gp3 disk of 20 GiB (aws.prices)",
    ]);
  });

  test("counts a load balancer once, and an address of it in each zone", () => {
    const prices = priceTable({ ...GIVEN, loadBalancerHour: 0.03 });
    const { lines, usdPerHour } = estimate(request({ balancedZones: 3, prices }));
    expect(lines.slice(-2).map(({ what, count }) => [what, count])).toEqual([
      ["public IPv4 address", 8],
      ["network load balancer", 1],
    ]);
    expect(usdPerHour).toBeCloseTo(0.1 + 0.01 + 0.04 + 0.03, 10);
    const { unknown } = estimate(request({ balancedZones: 3 }));
    expect(unknown).toEqual(["network load balancer"]);
  });

  test("is told with the day of each price", () => {
    expect(describeEstimate(estimate(request()))).toEqual([
      "5 x t3.small on demand: 0.100 USD an hour (the configuration, 2026-01-31)",
      "5 x gp3 disk of 20 GiB: 0.010 USD an hour (the configuration, 2026-01-31)",
      "5 x public IPv4 address: 0.025 USD an hour (AWS's announcement of the charge for public IPv4 addresses, 2024-02-01)",
      "together 0.135 USD an hour, 3.24 a day, without traffic",
    ]);
  });
});

describe("the table of prices", () => {
  test("has no figure without a day and a source", () => {
    const { instanceHour, spotHour, ...single } = KNOWN_PRICES;
    const all = [
      ...Object.values(single),
      ...Object.values(instanceHour),
      ...Object.values(spotHour),
    ];
    expect(all).toHaveLength(1);
    for (const { asOf, source } of all) {
      expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(source).not.toBe("");
    }
  });

  test("gives way to the user's own figures", () => {
    const table = priceTable({ ...NONE, asOf: "2026-01-31", publicIpv4Hour: 0.004 });
    expect(table.publicIpv4Hour).toEqual({
      usd: 0.004,
      ...{ asOf: "2026-01-31", source: "the configuration" },
    });
    expect(priceTable(NONE).publicIpv4Hour).toEqual(KNOWN_PRICES.publicIpv4Hour);
  });
});
