import { describe, expect, test } from "vitest";
import { Deferred } from "../../scripts/drills/stage/deferred.ts";

function setUp() {
  const did: string[] = [];
  const said: string[] = [];
  const facts: Record<string, unknown> = {};
  const deferred = new Deferred({
    step: (_, typed, work) => {
      did.push(typed);
      return work();
    },
    fact: (name, value) => {
      facts[name] = value;
    },
    say: (line) => said.push(line),
  });
  return { deferred, did, said, facts };
}
const well = async () => undefined;
const badly = () => Promise.reject(new Error("no power"));

describe("what a drill defers", () => {
  test("is done in reverse order, each as a step, and once", async () => {
    const { deferred, did, facts } = setUp();
    for (const what of ["a", "b", "c"]) deferred.add(what, well);
    expect(await deferred.run()).toBeUndefined();
    expect(await deferred.run()).toBeUndefined();
    expect(did).toEqual(["(clean-up: c)", "(clean-up: b)", "(clean-up: a)"]);
    expect(facts).toEqual({});
  });

  test("is all done, also when some of it fails, which is said, kept and returned", async () => {
    const { deferred, did, said, facts } = setUp();
    deferred.add("a", badly);
    deferred.add("b", well);
    deferred.add("c", () => {
      throw new Error("at once");
    });
    const reason = "cleaning up failed: c: at once; a: no power";
    expect(await deferred.run()).toBe(reason);
    expect(did).toHaveLength(3);
    expect(said).toEqual(["  clean-up: c: at once", "  clean-up: a: no power"]);
    expect(facts).toEqual({
      cleanUp: [
        { what: "c", error: "at once" },
        { what: "a", error: "no power" },
      ],
    });
  });

  test("keeps the next one waiting until the last one is done", async () => {
    const { deferred } = setUp();
    const order: string[] = [];
    deferred.add("first", async () => order.push("first"));
    deferred.add("slow", async () => {
      await new Promise((done) => setTimeout(done, 20));
      order.push("slow");
    });
    await deferred.run();
    expect(order).toEqual(["slow", "first"]);
  });

  test("takes what is deferred while it runs, and afterwards", async () => {
    const { deferred, did } = setUp();
    deferred.add("a", well);
    deferred.add("b", async () => deferred.add("b2", badly));
    expect(await deferred.run()).toBe("cleaning up failed: b2: no power");
    deferred.add("late", well);
    expect(await deferred.run()).toBe("cleaning up failed: b2: no power");
    expect(did.map((typed) => typed.slice(11, -1))).toEqual(["b", "b2", "a", "late"]);
  });
});
