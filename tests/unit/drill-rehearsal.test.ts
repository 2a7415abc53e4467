import { describe, expect, test } from "vitest";
import { rehearsal } from "../../components/drills/catalogue/rehearsal.ts";
import { outwardLinks } from "../../scripts/backup/rehearse.ts";
import { judgeTests } from "./drill-judge-support.ts";

const SAME = "the backup starts, and is what its manifest says";
const CONNECTS = "it cannot connect to any old manager, as a living one can";
const UNNOTICED = "no writer noticed it";
const FOUND = "the rehearsal finds it";

describe("the judge of rehearsal", () => {
  judgeTests(rehearsal, [
    [
      "a service is missing from what starts",
      (facts) => {
        facts.rehearsed.differences = [{ what: "service app", expected: "id a", seen: "missing" }];
      },
      SAME,
    ],
    [
      "nothing was rehearsed",
      (facts) => {
        delete facts.rehearsed;
      },
      SAME,
    ],
    [
      "the backup does not start",
      (facts) => {
        facts.rehearsed = { verified: true, refused: "no", differences: [], seconds: 1 };
      },
      SAME,
    ],
    [
      "the machine is in the lab's network",
      (facts) => {
        facts.rehearsed.isolation.network = "swarm-lab-dev";
      },
      "its machine has no network",
    ],
    [
      "a link leads out of it",
      (facts) => {
        facts.rehearsed.isolation.links = ["eth0"];
      },
      "none of its links leads out",
    ],
    [
      "it reaches an old manager",
      (facts) => {
        facts.rehearsed.isolation.reached = ["10.224.0.12"];
      },
      CONNECTS,
    ],
    [
      "nobody could have reached one in that way",
      (facts) => {
        facts.asked = false;
      },
      CONNECTS,
    ],
    [
      "another manager leads",
      (facts) => {
        facts.after.leader = "another";
      },
      "the living swarm has the leader it had",
    ],
    [
      "a node is Down",
      (facts) => {
        facts.after.nodes = facts.after.nodes.replace("Ready", "Down");
      },
      "and the same nodes, in the same state",
    ],
    [
      "a token is another",
      (facts) => {
        facts.after.identity.tokens.worker = "another";
      },
      "and is the same swarm",
    ],
    [
      "writers waited",
      (_, evidence) => {
        evidence.operations = evidence.operations.map((operation) =>
          operation.end !== null && operation.start >= (evidence.marks.fault ?? 0)
            ? { ...operation, end: operation.end + 10_000 }
            : operation,
        );
      },
      UNNOTICED,
    ],
    [
      "nobody wrote meanwhile",
      (_, evidence) => {
        const from = evidence.marks.fault ?? 0;
        evidence.operations = evidence.operations.filter(({ start }) => start < from);
      },
      UNNOTICED,
    ],
    [
      "a checksum found the damage already",
      (facts) => {
        facts.damaged.verified = false;
      },
      "checksums find nothing wrong with the damaged copy",
    ],
    [
      "the damaged copy starts and is the same",
      (facts) => {
        facts.damaged = { verified: true, differences: [], seconds: 1 };
      },
      FOUND,
    ],
    [
      "a machine is left over",
      (facts) => {
        facts.left = "swarm-lab-dev-m2-rehearsal";
      },
      "nothing is left of the machines",
    ],
  ]);
});

describe("links that lead out of a machine", () => {
  test("one whose peer is outside, and none that the engine made for itself", () => {
    const text = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
2: lab0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN
3: docker_gwbridge: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
9: veth1@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master docker_gwbridge state UP
`;
    expect(outwardLinks(text)).toEqual([]);
    expect(outwardLinks(`${text}12: eth0@if13: <BROADCAST,UP> mtu 1500 state UP\n`)).toEqual([
      "eth0",
    ]);
  });
});
