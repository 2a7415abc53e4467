import fc from "fast-check";
import { Address4 } from "ip-address";
import { describe, expect, it } from "vitest";
import {
  highestOffset,
  LABEL_REGISTRY,
  overlaps,
  type PlanRequest,
  planNetwork,
  planNodes,
  planSeats,
  portCandidates,
  subnetCandidates,
} from "../../components/nodes/plan.ts";
import { zoneLoss } from "../../components/swarm/quorum.ts";

const SUBNET = "10.210.3.0/24";

const request = (given: Partial<PlanRequest> = {}): PlanRequest => ({
  managers: 3,
  workers: 2,
  zones: ["a", "b", "c"],
  managerAvailability: "drain",
  nodes: { labels: {} },
  registry: { enabled: true },
  ...given,
});

const requests = fc.record({
  managers: fc.constantFrom(1, 3, 5, 7),
  workers: fc.integer({ min: 0, max: 50 }),
  zones: fc.integer({ min: 1, max: 7 }).map((count) => [..."abcdefg"].slice(0, count)),
  managerAvailability: fc.constantFrom("drain" as const, "active" as const, "pause" as const),
  nodes: fc.constant({ labels: {} }),
  registry: fc.record({ enabled: fc.boolean() }),
});

describe("the plan of the dev lab", () => {
  it("is this", () => {
    const labels = { w2: { disk: "ssd" } };
    expect(planNodes(request({ nodes: { labels } }), SUBNET)).toEqual([
      { name: "m1", role: "manager", zone: "a", address: "10.210.3.11", labels: {} },
      { name: "m2", role: "manager", zone: "b", address: "10.210.3.12", labels: {} },
      { name: "m3", role: "manager", zone: "c", address: "10.210.3.13", labels: {} },
      {
        name: "w1",
        role: "worker",
        zone: "a",
        address: "10.210.3.31",
        labels: { [LABEL_REGISTRY]: "true" },
      },
      { name: "w2", role: "worker", zone: "b", address: "10.210.3.32", labels: { disk: "ssd" } },
    ]);
    expect(planNetwork(SUBNET)).toEqual({
      subnet: SUBNET,
      bridge: "10.210.3.1",
      gateway: "10.210.3.5",
    });
  });

  it("refuses a subnet that does not hold it", () => {
    expect(() => planNodes(request(), "10.1.2.0/27")).toThrow(
      "10.1.2.0/27 has no address at offset 31",
    );
  });
});

describe("any plan", () => {
  it("has as many nodes as asked, with names and addresses of their own", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const nodes = planNodes(given, SUBNET);
        const { bridge, gateway } = planNetwork(SUBNET);
        expect(nodes.filter(({ role }) => role === "manager")).toHaveLength(given.managers);
        expect(nodes.filter(({ role }) => role === "worker")).toHaveLength(given.workers);
        expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
        const addresses = [bridge, gateway, ...nodes.map(({ address }) => address)];
        expect(new Set(addresses).size).toBe(addresses.length);
      }),
    );
  });

  it("lies within its subnet, below the broadcast address, when the subnet is large enough", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const bits = 32 - Math.ceil(Math.log2(highestOffset(given) + 2));
        const subnet = new Address4(`10.4.0.0/${bits}`);
        for (const { address } of planNodes(given, `10.4.0.0/${bits}`)) {
          expect(new Address4(address).isInSubnet(subnet)).toBe(true);
          expect(address).not.toBe(subnet.endAddress().correctForm());
        }
        if (bits < 30) {
          expect(() => planNodes(given, `10.4.0.0/${bits + 1}`)).toThrow("has no address");
        }
      }),
    );
  });

  it("leaves the quorum whole when any one of three or more zones is lost", () => {
    fc.assert(
      fc.property(requests, (given) => {
        fc.pre(given.zones.length >= 3 && given.managers >= 3);
        for (const loss of zoneLoss(planSeats(given)).values()) expect(loss.holds).toBe(true);
      }),
    );
  });

  it("changes no node that stays when the lab grows or shrinks", () => {
    const sizes = fc.record({
      managers: fc.constantFrom(1, 3, 5, 7),
      workers: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(requests, sizes, (given, size) => {
        fc.pre(given.workers > 0);
        const before = planNodes(given, SUBNET);
        const after = planNodes({ ...given, ...size }, SUBNET);
        for (const node of before) {
          const same = after.find(({ name }) => name === node.name);
          if (same) expect(same).toEqual(node);
        }
        const smaller = Math.min(given.managers, size.managers);
        const fewer = Math.min(given.workers, size.workers);
        const names = new Set(before.map(({ name }) => name));
        expect(after.filter(({ name }) => names.has(name))).toHaveLength(smaller + fewer);
      }),
    );
  });

  it("gives the registry one node, the first that runs tasks", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const holders = planSeats(given).filter(({ labels }) => labels[LABEL_REGISTRY] === "true");
        const active = given.managerAvailability === "active";
        const runs = given.registry.enabled && (active || given.workers > 0);
        expect(holders.map(({ name }) => name)).toEqual(runs ? [active ? "m1" : "w1"] : []);
      }),
    );
  });

  it("lets no label of the user's move the registry", () => {
    const labels = { w1: { [LABEL_REGISTRY]: "false" } };
    const seats = planSeats(request({ nodes: { labels } }));
    expect(seats.find(({ name }) => name === "w1")?.labels).toEqual({ [LABEL_REGISTRY]: "true" });
  });
});

describe("overlaps", () => {
  it.each([
    ["10.0.0.0/8", "10.200.0.0/16", true],
    ["10.200.0.0/16", "10.0.0.0/8", true],
    ["10.1.0.0/24", "10.1.0.0/24", true],
    ["10.1.0.0/24", "10.1.1.0/24", false],
    ["10.1.0.0/25", "10.1.0.128/25", false],
  ])("of %s and %s is %s", (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
  });
});

describe("subnetCandidates", () => {
  it("are the /24s of 10.210.0.0 to 10.249.255.0, each once", () => {
    const all = [...subnetCandidates("dev")];
    expect(new Set(all).size).toBe(40 * 256);
    for (const subnet of all) expect(subnet).toMatch(/^10\.2[1-4]\d\.\d{1,3}\.0\/24$/);
  });

  it("are the same at each call, and others for another lab", () => {
    const first = (lab: string) => subnetCandidates(lab).next().value;
    expect(first("dev")).toBe(first("dev"));
    const firsts = new Set(Array.from({ length: 100 }, (_, index) => first(`lab-${index}`)));
    expect(firsts.size).toBeGreaterThan(95);
  });

  it("keep away from what is taken", () => {
    const left = [...subnetCandidates("dev", ["10.210.0.0/15", "10.212.0.0/14", "10.216.7.0/25"])];
    expect(left).toHaveLength(34 * 256 - 1);
    expect(left).not.toContain("10.216.7.0/24");
  });
});

describe("portCandidates", () => {
  it("are 20000 to 29999, each once", () => {
    const all = [...portCandidates("dev", "api")];
    expect(new Set(all).size).toBe(10_000);
    expect(Math.min(...all)).toBe(20_000);
    expect(Math.max(...all)).toBe(29_999);
  });

  it("differ by lab and by purpose, not by call", () => {
    const first = (lab: string, purpose: string) => portCandidates(lab, purpose).next().value;
    expect(first("dev", "api")).toBe(first("dev", "api"));
    const firsts = ["api", "registry", "app.8080"].flatMap((purpose) =>
      Array.from({ length: 30 }, (_, index) => first(`lab-${index}`, purpose)),
    );
    expect(new Set(firsts).size).toBeGreaterThan(85);
  });
});
