import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EVERYBODY,
  type ListenerRequest,
  listenerRules,
  planListeners,
} from "../../components/nodes/aws/listeners.ts";
import { planPlacement, ZONE_LETTERS } from "../../components/nodes/aws/placement.ts";

const CLIENTS = "198.51.100.0/24";
const nodesOf = (managers: number, workers: number, zones: readonly string[] = ["a", "b", "c"]) =>
  planPlacement({
    ...{ lab: "dev", region: "eu-central-1", subnet: "10.20.0.0/16", managers, workers, zones },
    ...{ managerAvailability: "drain", nodes: { labels: {} }, registry: { enabled: true } },
  }).nodes;
const request = (changes: Partial<ListenerRequest> = {}): ListenerRequest => ({
  ports: [{ key: "app-tcp8080", published: 20_003, everybody: false }],
  ...{ nodes: nodesOf(3, 2), publish: "auto", managersRunTasks: false },
  ...{ clients: CLIENTS, registry: false },
  ...changes,
});

describe("what a load balancer listens on", () => {
  test("is a port of each that services publish, which every node answers through the mesh", () => {
    expect(planListeners(request())).toEqual([
      {
        ...{ key: "app-tcp8080", port: 20_003, to: "node", clients: CLIENTS, check: "tcp" },
        nodes: ["m1", "m2", "m3", "w1", "w2"],
      },
    ]);
  });

  test("is answered in host mode by those alone that may run the task", () => {
    const behind = (changes: Partial<ListenerRequest>) =>
      planListeners(request({ publish: "host", ...changes })).map(({ nodes }) => nodes);
    expect(behind({})).toEqual([["w1", "w2"]]);
    expect(behind({ managersRunTasks: true })).toEqual([["m1", "m2", "m3", "w1", "w2"]]);
  });

  test("has the registry where that is asked for, on its node and asked for its health", () => {
    expect(planListeners(request({ ports: [], registry: true }))).toEqual([
      {
        ...{ key: "registry", port: 5000, to: "registry", clients: CLIENTS },
        ...{ nodes: ["w1"], check: "https" },
      },
    ]);
  });
});

const requests = fc
  .record({
    managers: fc.constantFrom(1, 3, 5, 7),
    workers: fc.integer({ min: 1, max: 12 }),
    zones: fc.constantFrom(2, 3, 6).map((count) => ZONE_LETTERS.slice(0, count)),
    open: fc.array(fc.boolean(), { maxLength: 6 }),
    registry: fc.boolean(),
    publish: fc.constantFrom("auto", "ingress", "host"),
    managersRunTasks: fc.boolean(),
  })
  .map(({ managers, workers, zones, open, ...rest }) =>
    request({
      ...rest,
      nodes: nodesOf(managers, workers, zones),
      ports: open.map((everybody, at) => ({
        ...{ key: `app-tcp${8000 + at}`, published: 20_000 + at, everybody },
      })),
    }),
  );

describe("whatever the lab", () => {
  test("everybody reaches what is said to be for everybody, and never the registry or a port of the swarm", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const listeners = planListeners(given);
        const open = listeners.filter(({ clients }) => clients === EVERYBODY).map(({ key }) => key);
        expect(open).toEqual(given.ports.filter((port) => port.everybody).map(({ key }) => key));
        expect(listeners).toHaveLength(given.ports.length + (given.registry ? 1 : 0));
        for (const rule of listenerRules(listeners)) {
          // Who is outside reaches the load balancer alone; nodes are reached by the load balancer alone.
          if ("cidr" in rule.from) expect(rule.to).toBe("load-balancer");
          else expect(rule.from.group).toBe("load-balancer");
          expect([22, 2376, 2377, 4789, 7946]).not.toContain(rule.port);
        }
      }),
    );
  });

  test("each listener has two rules on its port, and somebody behind it", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const listeners = planListeners(given);
        const rules = listenerRules(listeners);
        expect(new Set(rules.map(({ key }) => key)).size).toBe(2 * listeners.length);
        for (const { port, to, nodes } of listeners) {
          const own = rules.filter((rule) => rule.port === port).map((rule) => rule.to);
          expect(own).toEqual(["load-balancer", to]);
          expect(nodes.length).toBeGreaterThan(0);
          const known = given.nodes.map(({ name }) => name);
          for (const node of nodes) expect(known).toContain(node);
        }
      }),
    );
  });
});
