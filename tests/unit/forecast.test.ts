import { describe, expect, test } from "vitest";
import { forecast, lostNodes } from "../../components/swarm/forecast.ts";

const seat = (name: string, zone: string) => ({
  ...{ name, zone },
  role: name.startsWith("m") ? ("manager" as const) : ("worker" as const),
});
const lab = [
  ...[seat("m1", "a"), seat("m2", "b"), seat("m3", "c")],
  ...[seat("w1", "a"), seat("w2", "b")],
];

describe("the nodes that are meant", () => {
  test.each<[string, string[]]>([
    ["m2", ["m2"]],
    ["zone:a", ["m1", "w1"]],
    ["m1, zone:a,m3", ["m1", "w1", "m3"]],
  ])("by %s", (words, lost) => {
    expect(lostNodes(lab, words)).toEqual(lost);
  });

  test.each(["m4", "zone:z", "", "m1;m2"])("are not by %j, and it says what there is", (words) => {
    expect(() => lostNodes(lab, words)).toThrow(
      /^--what-if: got ".*", need names out of m1, m2, m3, w1, w2 or zones out of zone:a, zone:b, zone:c,/,
    );
  });
});

describe("the loss", () => {
  test("of one manager costs an election at most", () => {
    const seen = forecast(lab, [], "m2");
    expect(seen).toMatchObject({ holds: true, left: 2, spare: 0, lost: ["m2"] });
    expect(seen.api).toMatch(/^writes go on, after an election .*: 2 of 3 managers left, quorum 2/);
    expect(seen.services).toBe("tasks on w1, w2 keep running, and nobody notices");
    expect(seen.advice).toMatch(/^bring m2 back/);
  });

  test("of a worker moves its tasks, and touches no quorum", () => {
    const seen = forecast(lab, [], "w1");
    expect(seen.api).toBe("writes go on: 3 of 3 managers left, quorum 2, survives 1 more");
    expect(seen.services).toMatch(/^tasks on w2 keep running; those of w1 are started there/);
    expect(seen.advice).toBe("nothing for the quorum");
  });

  test("of two managers takes the API, and tasks stay as they are", () => {
    const seen = forecast(lab, [], "m2,zone:a");
    expect(seen).toMatchObject({ holds: false, left: 1, lost: ["m2", "m1", "w1"] });
    expect(seen.api).toMatch(/^no leader: writes are refused/);
    expect(seen.services).toMatch(/^tasks on w2 keep running, but nothing is started again/);
    expect(seen.advice).toMatch(/^start 1 of m1, m2 again .*--force-new-cluster` on m3/);
  });

  test("counts what is lost already", () => {
    expect(forecast(lab, ["m1"], "m2")).toMatchObject({ holds: false, lost: ["m1", "m2"] });
  });

  test("of every manager leaves a backup alone", () => {
    const seen = forecast(lab, [], "m1,m2,m3");
    expect(seen.advice).toMatch(/only a backup brings the swarm back/);
  });

  test("of every worker leaves no task", () => {
    expect(forecast(lab, [], "w1,w2").services).toMatch(/^no worker is left/);
  });
});
