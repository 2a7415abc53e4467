import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AccessRequest,
  type AccessRule,
  accessRules,
  groupsOf,
} from "../../components/nodes/aws/access.ts";

const CLOSED: AccessRequest = { dataPathPort: 4789, registry: true };

const sentence = ({ key, to, from, protocol, port }: AccessRule) =>
  `${key}: ${"group" in from ? from.group : from.cidr} > ${to} ${protocol} ${port ?? "-"}`;

const requests = fc.record(
  {
    dataPathPort: fc.integer({ min: 1024, max: 49151 }).filter((port) => port !== 7946),
    registry: fc.boolean(),
    ssh: fc.constantFrom("192.0.2.0/24", "203.0.113.7/32"),
  },
  { requiredKeys: ["dataPathPort", "registry"] },
);

describe("who reaches a node on AWS", () => {
  test("by default is its peers alone, on the swarm's ports and the registry's", () => {
    expect(accessRules(CLOSED).map(sentence)).toEqual([
      "tcp2377: node > manager tcp 2377",
      "tcp7946: node > node tcp 7946",
      "udp7946: node > node udp 7946",
      "udp4789: node > node udp 4789",
      "esp: node > node 50 -",
      "registry: node > registry tcp 5000",
    ]);
  });

  test("is one network outside by SSH, where the configuration names it", () => {
    const rules = accessRules({ ...CLOSED, registry: false, ssh: "192.0.2.0/24" });
    expect(rules.map(sentence).at(-1)).toBe("ssh: 192.0.2.0/24 > node tcp 22");
    expect(rules.map(({ key }) => key)).not.toContain("registry");
  });

  test("uses the VXLAN port that the swarm does", () => {
    const rules = accessRules({ ...CLOSED, dataPathPort: 5000 });
    expect(rules.map(sentence)).toContain("udp5000: node > node udp 5000");
    expect(rules.map(({ port }) => port)).not.toContain(4789);
  });

  test("is never the world, and no port is in a rule of its own twice", () => {
    fc.assert(
      fc.property(requests, (given) => {
        const rules = accessRules(given);
        const outside = rules.flatMap(({ from }) => ("cidr" in from ? [from.cidr] : []));
        expect(outside).toEqual(given.ssh === undefined ? [] : [given.ssh]);
        expect(new Set(rules.map(({ key }) => key)).size).toBe(rules.length);
        for (const { protocol, port } of rules) {
          // EC2 reads -1 as every protocol, and a missing port of tcp or udp as every port.
          expect(["tcp", "udp", "50"]).toContain(protocol);
          expect(port === undefined).toBe(protocol === "50");
        }
      }),
    );
  });

  test("is told in words that EC2 takes as a description", () => {
    for (const { why } of accessRules({ ...CLOSED, ssh: "192.0.2.0/24" }))
      expect(why).toMatch(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
  });
});

test.each([
  ["manager", false, ["node", "manager"]],
  ["worker", true, ["node", "registry"]],
  ["manager", true, ["node", "manager", "registry"]],
])("a %s (registry: %s) is in the groups %j", (role, registry, groups) => {
  expect(groupsOf({ role, registry })).toEqual(groups);
});
