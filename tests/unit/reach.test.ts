import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeReach, type NodeReach, parseReach } from "../../components/swarm/reach.ts";

type Address = NodeReach["addresses"][number];
const ok = (address: string, node: string | null): Address => ({
  address,
  ok: true,
  node,
  error: null,
});
const lost = (address: string, error: string | null = "timed out"): Address => ({
  address,
  ok: false,
  node: null,
  error,
});
const from = (node: string, ...addresses: Address[]): NodeReach => ({
  from: node,
  asked: true,
  addresses,
  error: null,
});
const silent = (node: string): NodeReach => ({
  from: node,
  asked: false,
  addresses: [],
  error: null,
});
const tasks = [ok("10.0.1.5", "w1"), ok("10.0.1.6", "w2"), ok("10.0.1.7", "w2")];

describe("the probe's output", () => {
  const line = JSON.stringify({ name: "app", addresses: tasks, error: null });

  test("is what was reached", () => {
    expect(parseReach("w1", `${line}\n`, "")).toEqual(from("w1", ...tasks));
  });

  test("is what went wrong, too", () => {
    const text = JSON.stringify({
      name: "app",
      addresses: [],
      error: "tasks.app does not resolve",
    });
    expect(parseReach("w1", text, "")).toEqual({
      ...from("w1"),
      error: "tasks.app does not resolve",
    });
  });

  test("tells no node where the application was told none", () => {
    const text = JSON.stringify({ name: "app", addresses: [ok("10.0.1.5", "")], error: null });
    expect(parseReach("w1", text, "").addresses).toEqual([ok("10.0.1.5", null)]);
  });

  test("is none where no task could ask", () => {
    expect(parseReach("m1", "", "")).toEqual(silent("m1"));
    expect(parseReach("m1", "\n", " \n")).toEqual(silent("m1"));
  });

  test.each([
    ["a complaint instead", "", "probe: not found", "probe: not found"],
    ["cut off", '{"name":"app","addr', "", '{"name":"app","addr'],
    ["of another shape", '{"hello":1}', "", '{"hello":1}'],
    ["no object", "null", "", "null"],
  ])("that is %s is an error and no silence", (_, stdout, stderr, said) => {
    const { asked, addresses, error } = parseReach("w1", stdout, stderr);
    expect({ asked, addresses, error }).toEqual({
      asked: true,
      addresses: [],
      error: `the probe did not run: ${said}`,
    });
  });
});

describe("the overlay carries requests", () => {
  test("when each node that asked was answered by all tasks", () => {
    expect(judgeReach([silent("m1"), from("w1", ...tasks), from("w2", ...tasks)])).toEqual({
      whole: true,
      nodes: ["w1", "w2"],
      crossed: 3,
      sentence: "3 requests crossed between w1, w2, none was lost",
    });
  });

  test("as far as one node can tell", () => {
    const verdict = judgeReach([from("w1", ok("10.0.1.5", "w1"))]);
    expect(verdict).toMatchObject({ whole: true, crossed: 0 });
    expect(verdict.sentence).toBe("asked on w1 alone, so that nothing crossed between nodes");
  });

  test("or so it may be: nobody asked", () => {
    expect(judgeReach([])).toMatchObject({ whole: true, crossed: 0, nodes: [] });
    expect(judgeReach([silent("m1")]).sentence).toBe("not probed: no task that could ask");
  });

  test("when the answers do not tell their nodes, from addresses alone", () => {
    const nameless = tasks.map(({ address }) => ok(address, null));
    expect(judgeReach([from("w1", ...nameless), from("w2", ...nameless)])).toMatchObject({
      whole: true,
      sentence: "every task answered w1, w2; the answers do not tell from which node",
    });
  });

  test("whatever an application calls its nodes", () => {
    const named = tasks.map(({ address }) => ok(address, "a name of its own"));
    expect(judgeReach([from("w1", ...named), from("w2", ...named)])).toMatchObject({
      whole: true,
    });
  });
});

describe("the overlay does not carry requests", () => {
  test.each<[string, NodeReach[], string]>([
    [
      "when an address does not answer",
      [
        from("w1", ok("10.0.1.5", "w1"), lost("10.0.1.6")),
        from("w2", ok("10.0.1.5", "w1"), ok("10.0.1.6", "w2")),
      ],
      "w1 does not reach 10.0.1.6: timed out",
    ],
    [
      "when it does not say why",
      [from("w1", lost("10.0.1.6", null))],
      "w1 does not reach 10.0.1.6: no answer",
    ],
    [
      "when a node sees fewer tasks than another",
      [from("w1", ok("10.0.1.5", "w1")), from("w2", ...tasks)],
      "nodes find different numbers of tasks: w1 finds 1, w2 finds 3",
    ],
    [
      "when each node sees its own task alone, as many as the other",
      [from("w1", ok("10.0.1.5", "w1")), from("w2", ok("10.0.1.6", "w2"))],
      "w1 finds no task of w2; w2 finds no task of w1",
    ],
    [
      "when nobody finds a task",
      [from("w1"), from("w2")],
      "nodes find different numbers of tasks: w1 finds 0, w2 finds 0",
    ],
    [
      "when a probe failed",
      [{ ...from("w1"), error: "tasks.app does not resolve" }, from("w2", ...tasks)],
      "w1: tasks.app does not resolve; nodes find different numbers of tasks: w1 finds 0, w2 finds 3",
    ],
  ])("%s", (_, seen, sentence) => {
    expect(judgeReach(seen)).toMatchObject({ whole: false, sentence });
  });
});

const name = fc.constantFrom("w1", "w2", "w3");
const address = fc.record({
  address: fc.ipV4(),
  ok: fc.boolean(),
  node: fc.option(name),
  error: fc.option(fc.string()),
});
const seenBy = fc.record({
  from: name,
  asked: fc.boolean(),
  addresses: fc.array(address, { maxLength: 4 }),
  error: fc.option(fc.string({ minLength: 1 })),
});
const observations = fc.uniqueArray(seenBy, { selector: ({ from: node }) => node, maxLength: 3 });

test("one lost request or failed probe is never called whole", () => {
  fc.assert(
    fc.property(observations, (seen) => {
      const bad = seen.some(
        ({ asked, addresses, error }) =>
          asked && (error !== null || addresses.some((each) => !each.ok)),
      );
      return !bad || !judgeReach(seen).whole;
    }),
  );
});

test("what crossed is never more than what was answered by another node", () => {
  fc.assert(
    fc.property(observations, (seen) => {
      const crossing = seen.flatMap((one) =>
        one.asked
          ? one.addresses.filter((each) => each.ok && each.node && each.node !== one.from)
          : [],
      );
      return judgeReach(seen).crossed === crossing.length;
    }),
  );
});
