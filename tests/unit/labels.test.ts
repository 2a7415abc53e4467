import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelList, ownershipLabels } from "../../components/labels.ts";

const owner = { lab: "dev", node: "m1", role: "manager", zone: "a" };
const ours = {
  "swarm-lab.lab": "dev",
  "swarm-lab.node": "m1",
  "swarm-lab.role": "manager",
  "swarm-lab.zone": "a",
};

describe("ownership labels", () => {
  test("say whose and what it is", () => {
    expect(ownershipLabels(owner)).toEqual(ours);
  });

  test("say no more than there is to say", () => {
    expect(ownershipLabels({ lab: "dev" })).toEqual({ "swarm-lab.lab": "dev" });
  });

  test("stand beside the user's and win over them, whatever they are", () => {
    const name = fc.oneof(fc.string(), fc.constantFrom(...Object.keys(ours)));
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { noNullPrototype: true }), (extra) => {
        expect(ownershipLabels(owner, extra)).toEqual({ ...extra, ...ours });
      }),
    );
  });
});

describe("labels as a list", () => {
  test("are the same labels, one each", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }), (labels) => {
        const entries = labelList(labels).map(({ label, value }) => [label, value]);
        expect(Object.fromEntries(entries)).toEqual(labels);
        expect(entries).toHaveLength(Object.keys(labels).length);
      }),
    );
  });

  test("are in one order, however they were given", () => {
    expect(labelList({ b: "1", a: "2" })).toEqual([
      { label: "a", value: "2" },
      { label: "b", value: "1" },
    ]);
    expect(labelList({ a: "2", b: "1" })).toEqual(labelList({ b: "1", a: "2" }));
  });
});
