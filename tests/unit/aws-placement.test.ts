import fc from "fast-check";
import { Address4 } from "ip-address";
import { describe, expect, test } from "vitest";
import {
  type PlacementRequest,
  planPlacement,
  reservedRanges,
  subnetOf,
  vpcOf,
  ZONE_LETTERS,
} from "../../components/nodes/aws/placement.ts";
import { overlaps } from "../../components/nodes/plan.ts";
import { zoneLoss } from "../../components/swarm/quorum.ts";

const request = (changes: Partial<PlacementRequest> = {}): PlacementRequest => ({
  ...{ lab: "dev", region: "eu-central-1", subnet: "10.20.0.0/16" },
  ...{ managers: 3, workers: 2, zones: ["a", "b", "c"], managerAvailability: "drain" },
  ...{ nodes: { labels: {} }, registry: { enabled: false } },
  ...changes,
});

/** 1, 3, 5 or 7 managers over 2, 3 or 6 zones, the letters in any order, in a VPC of any size that AWS and the lab take. */
const requests = fc
  .record({
    managers: fc.constantFrom(1, 3, 5, 7),
    workers: fc.integer({ min: 0, max: 50 }),
    zones: fc
      .tuple(
        fc.constantFrom(2, 3, 6),
        fc.shuffledSubarray([...ZONE_LETTERS], { minLength: 6, maxLength: 6 }),
      )
      .map(([count, letters]) => letters.slice(0, count)),
    subnet: fc.oneof(
      fc.constant("auto"),
      fc.integer({ min: 16, max: 22 }).map((bits) => `10.64.0.0/${bits}`),
    ),
  })
  .map(request);

describe("the addresses that are kept for nodes", () => {
  test("hold every node there can be, once, and leave a load balancer its eight", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const { subnets, nodes } = planPlacement(given);
        for (const { zone, cidr } of subnets) {
          const kept = reservedRanges(cidr).map((range) => new Address4(range));
          const [one, two] = reservedRanges(cidr);
          expect(overlaps(one ?? "", two ?? "")).toBe(false);
          for (const range of kept) expect(range.isInSubnet(new Address4(cidr))).toBe(true);
          for (const { address } of nodes.filter((node) => node.zone === zone))
            expect(kept.some((range) => new Address4(address).isInSubnet(range))).toBe(true);
          // AWS keeps the last address for itself, and the first four are within the ranges.
          expect(2 ** (32 - new Address4(cidr).subnetMask) - 96 - 1).toBeGreaterThanOrEqual(8);
        }
      }),
    );
  });
});

describe("the machines of a lab on AWS", () => {
  test("stand like this", () => {
    const { vpc, subnets, nodes } = planPlacement(request());
    expect(vpc).toBe("10.20.0.0/16");
    expect(subnets).toEqual([
      { zone: "a", availabilityZone: "eu-central-1a", cidr: "10.20.0.0/19" },
      { zone: "b", availabilityZone: "eu-central-1b", cidr: "10.20.32.0/19" },
      { zone: "c", availabilityZone: "eu-central-1c", cidr: "10.20.64.0/19" },
    ]);
    expect(nodes.map(({ name, zone, address }) => [name, zone, address])).toEqual([
      ["m1", "a", "10.20.0.11"],
      ["m2", "b", "10.20.32.12"],
      ["m3", "c", "10.20.64.13"],
      ["w1", "a", "10.20.0.31"],
      ["w2", "b", "10.20.32.32"],
    ]);
  });

  test("are dealt out so that no one zone of three or more holds a majority, and of two as evenly as can be", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const { nodes } = planPlacement(given);
        const managers = nodes.filter(({ role }) => role === "manager");
        const counts = given.zones.map(
          (zone) => managers.filter((node) => node.zone === zone).length,
        );
        expect(managers).toHaveLength(given.managers);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        if (given.managers > 1 && given.zones.length > 2)
          for (const loss of zoneLoss(nodes).values()) expect(loss.holds).toBe(true);
      }),
    );
  });

  test("have addresses of their own in the subnet of their zone, none that AWS keeps", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const { nodes, subnets } = planPlacement(given);
        expect(new Set(nodes.map(({ address }) => address)).size).toBe(nodes.length);
        for (const { zone, address } of nodes) {
          const cidr = subnets.find((subnet) => subnet.zone === zone)?.cidr ?? "";
          const subnet = new Address4(cidr);
          const kept = [0, 1, 2, 3].map((at) => subnet.startAddress().offset(at).correctForm());
          expect(new Address4(address).isInSubnet(subnet), `${address} in ${cidr}`).toBe(true);
          expect([...kept, subnet.endAddress().correctForm()]).not.toContain(address);
        }
      }),
    );
  });

  test("are in subnets that share nothing, one for each zone, within the VPC", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const { vpc, subnets } = planPlacement(given);
        expect(subnets.map(({ zone }) => zone)).toEqual(given.zones);
        for (const [at, { cidr }] of subnets.entries()) {
          const subnet = new Address4(cidr);
          expect(subnet.isInSubnet(new Address4(vpc))).toBe(true);
          expect(subnet.networkForm()).toBe(cidr);
          expect(subnet.subnetMask).toBeLessThanOrEqual(28);
          for (const other of subnets.slice(0, at)) expect(overlaps(other.cidr, cidr)).toBe(false);
        }
      }),
    );
  });

  test("stay where they are when the lab grows, and subnets when zones are added", () => {
    fc.assert(
      fc.property(requests, fc.constantFrom(1, 3, 5, 7), (given, managers) => {
        const before = planPlacement(given);
        const grown = planPlacement({ ...given, managers, workers: given.workers + 1 });
        for (const node of before.nodes) {
          const same = grown.nodes.find(({ name }) => name === node.name);
          if (same) expect(same).toEqual(node);
          else expect(node.role).toBe("manager");
        }
        const more = planPlacement({ ...given, zones: [...ZONE_LETTERS] });
        expect(more.subnets).toEqual(expect.arrayContaining([...before.subnets]));
      }),
    );
  });
});

describe("the VPC of a lab that names none", () => {
  test("is a /21 that the lab's name decides", () => {
    for (const lab of ["dev", "prod", "a", "b", "c"]) {
      const vpc = vpcOf(lab);
      expect(vpc).toMatch(/^10\.2[1-4]\d\.\d{1,3}\.0\/21$/);
      expect(new Address4(vpc).networkForm()).toBe(vpc);
    }
    expect(vpcOf("dev")).toBe(vpcOf("dev"));
    expect(vpcOf("dev")).not.toBe(vpcOf("prod"));
  });

  test("has subnets of /24, in which nodes have the figures that they have elsewhere", () => {
    const { nodes, subnets } = planPlacement(request({ subnet: "auto" }));
    for (const { cidr } of subnets) expect(cidr).toMatch(/\/24$/);
    expect(nodes.map(({ address }) => address.split(".").at(-1))).toEqual([
      "11",
      "12",
      "13",
      "31",
      "32",
    ]);
  });
});

test("a zone that is no letter has no subnet", () => {
  expect(() => subnetOf("10.20.0.0/16", "eu-central-1a")).toThrow(
    "eu-central-1a is not one of the zones a, b, c, d, e, f, g, h",
  );
});
