import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NodeSpec } from "../../components/swarm/step-inputs.ts";
import { nodeUpdateFlags } from "../../scripts/swarm/node-spec.ts";

const spec = (availability: NodeSpec["availability"], labels: NodeSpec["labels"] = {}) => ({
  availability,
  labels,
});

/** What `docker node update` with these flags makes of a node. */
function updated(node: NodeSpec, flags: readonly string[]): NodeSpec {
  let availability = node.availability;
  const labels = new Map(Object.entries(node.labels));
  for (let at = 0; at < flags.length; at += 2) {
    const [flag, value = ""] = flags.slice(at, at + 2);
    if (flag === "--availability") availability = value as NodeSpec["availability"];
    else if (flag === "--label-rm") labels.delete(value);
    else if (flag === "--label-add") {
      const [, key = "", text = ""] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
      labels.set(key, text);
    } else throw new Error(`docker node update has no flag ${flag}`);
  }
  return { availability, labels: Object.fromEntries(labels) };
}

describe("a node is told", () => {
  test.each<[string, NodeSpec, NodeSpec, string[]]>([
    [
      "nothing when it is as wanted",
      spec("drain", { zone: "a" }),
      spec("drain", { zone: "a" }),
      [],
    ],
    ["its availability", spec("active"), spec("drain"), ["--availability", "drain"]],
    [
      "a label that it lacks",
      spec("active"),
      spec("active", { zone: "a" }),
      ["--label-add", "zone=a"],
    ],
    [
      "a label that is another one now",
      spec("active", { zone: "a" }),
      spec("active", { zone: "b" }),
      ["--label-add", "zone=b"],
    ],
    [
      "to forget a label that is not wanted any more",
      spec("active", { "swarm-lab.registry": "true" }),
      spec("active"),
      ["--label-rm", "swarm-lab.registry"],
    ],
    [
      "a label with an equals sign in its text",
      spec("active"),
      spec("active", { note: "a=b c" }),
      ["--label-add", "note=a=b c"],
    ],
  ])("%s", (_, current, wanted, flags) => {
    expect(nodeUpdateFlags(current, wanted)).toEqual(flags);
  });
});

const key = fc.stringMatching(/^[a-z][a-z./-]{0,5}$/);
const anySpec = fc.record({
  availability: fc.constantFrom("active" as const, "pause" as const, "drain" as const),
  labels: fc.dictionary(key, fc.string(), { noNullPrototype: true }),
});

test("what a node is told makes it what is wanted, from anything that it was", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (current, wanted) => {
      expect(updated(current, nodeUpdateFlags(current, wanted))).toEqual(wanted);
    }),
  );
});

test("a node that was told is told nothing more", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (current, wanted) => {
      const now = updated(current, nodeUpdateFlags(current, wanted));
      return nodeUpdateFlags(now, wanted).length === 0;
    }),
  );
});
