import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLab } from "../support/fixtures.ts";
import { record } from "../support/mocks.ts";
import type { Recording } from "../support/recording.ts";
import type { Registration } from "../support/registration.ts";

interface Size {
  readonly managers: number;
  readonly workers: number;
}

const lab = async (size: Size) => (await record(() => buildLab({ ...size }))).recording;

/** The inputs that a change of counts: all but those that `ignoreChanges` names, which are one or two keys deep. */
function compared({ inputs, options }: Registration): Record<string, unknown> {
  const flat = Object.entries(inputs).flatMap(([key, value]) =>
    key === "environment"
      ? Object.entries(value as object).map(([name, text]) => [`${key}.${name}`, text])
      : [[key, value]],
  );
  return Object.fromEntries(flat.filter(([key]) => !options.ignoreChanges.includes(key)));
}

/** What a growth would do to the resources that are there: "NAME INPUT" for each difference. */
function changes(before: Recording, after: Recording): string[] {
  return before.all.flatMap((each) => {
    const now = after.all.find(({ urn }) => urn === each.urn);
    if (now === undefined) return [`${each.name} is gone`];
    const [old, fresh] = [compared(each), compared(now)];
    const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
    return keys
      .filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]))
      .map((key) => `${each.name} ${key}`);
  });
}

/** The two steps that look at all nodes, and nothing that would be replaced, restarted or left. */
const EXPECTED = ["converged environment.LAB_CONVERGED", "swarm-ready environment.LAB_NODES"];

describe("growing a lab", () => {
  test("from any size to any larger one only adds, and looks at the whole again", async () => {
    const managers = fc.constantFrom(1, 3, 5, 7);
    const workers = fc.integer({ min: 1, max: 4 });
    const sizes = fc
      .tuple(managers, managers, workers, workers)
      .map(([a, b, c, d]) => ({
        small: { managers: Math.min(a, b), workers: Math.min(c, d) },
        large: { managers: Math.max(a, b), workers: Math.max(c, d) },
      }))
      .filter(({ small, large }) => JSON.stringify(small) !== JSON.stringify(large));
    await fc.assert(
      fc.asyncProperty(sizes, async ({ small, large }) => {
        const [before, after] = [await lab(small), await lab(large)];
        expect(changes(before, after).sort()).toEqual(EXPECTED);
        expect(after.all.length).toBeGreaterThan(before.all.length);
      }),
      { numRuns: 4, examples: [[{ small: size(1, 1), large: size(3, 2) }]] },
    );
  }, 60_000);

  test("shows a change of a node, so that the comparison is none that finds nothing", async () => {
    const before = await lab(size(1, 1));
    const { recording: after } = await record(() =>
      buildLab({ ...size(1, 1), nodes: { engineFlags: ["--debug"] } }),
    );
    expect(changes(before, after).sort()).toEqual([
      "nodes-m1-container command",
      "nodes-w1-container command",
    ]);
  });

  test("and shrinking it again leaves the remaining nodes alone", async () => {
    const [large, small] = [await lab(size(3, 2)), await lab(size(1, 1))];
    const gone = changes(large, small).filter((change) => change.endsWith("is gone"));
    const nodes = [...new Set(gone.map((change) => /-([mw]\d)/.exec(change)?.[1]))].sort();
    expect(nodes).toEqual(["m2", "m3", "w2"]);
    expect(
      changes(large, small)
        .filter((change) => !gone.includes(change))
        .sort(),
    ).toEqual(EXPECTED);
  });
});

function size(managers: number, workers: number): Size {
  return { managers, workers };
}
