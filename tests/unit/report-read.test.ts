import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordExam } from "../../scripts/practice/exams-done.ts";
import { Gatherer } from "../../scripts/report/gather.ts";
import { atWorkOf } from "../../scripts/report/read-practice.ts";
import { named, RunsReader } from "../../scripts/report/read-runs.ts";
import {
  done,
  exam,
  later,
  savedEvidence,
  seen,
  writeRun,
  writeUnderWay,
} from "../support/report-sample.ts";

let reports = "";
beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "swarm-lab-report-"));
  process.env.SWARM_LAB_PROGRESS = join(reports, "practice-done.json");
});
afterEach(() => {
  rmSync(reports, { recursive: true });
  delete process.env.SWARM_LAB_PROGRESS;
});

const reader = () => new RunsReader(join(reports, "dev"));
const folder = (name: string, cluster = "ab12cd34") => join(reports, "dev", cluster, name);

describe("reading the runs of a lab", () => {
  test("finds those of all its swarms, and of no other lab", async () => {
    const first = later(savedEvidence("leader-loss"), { runId: "one" });
    writeRun(reports, first);
    writeRun(reports, later(savedEvidence("restore-cluster"), { runId: "two" }), "ffff0000");
    writeRun(reports, { ...first, lab: "other" });
    const { runs, unreadable, withheld } = await reader().read();
    expect(runs.map(({ cluster, drill, runId }) => [cluster, drill, runId])).toEqual([
      ["ab12cd34", "leader-loss", "one"],
      ["ffff0000", "restore-cluster", "two"],
    ]);
    expect(runs.map(({ verdict }) => verdict?.verdict)).toEqual(["passed", "passed"]);
    expect(runs[0]?.evidence?.operations).toHaveLength(first.operations.length);
    expect([unreadable, withheld]).toEqual([[], 0]);
  });

  test("is empty where there is no folder, and passes over what is no run", async () => {
    expect(await reader().read()).toMatchObject({ runs: [], unreadable: [] });
    mkdirSync(folder("backups"), { recursive: true });
    writeFileSync(join(reports, "dev", "report.html"), "");
    expect(await reader().read()).toMatchObject({ runs: [], unreadable: [] });
  });

  test("says what it cannot read, and tells the rest", async () => {
    writeRun(reports, later(savedEvidence("leader-loss"), { runId: "one" }));
    writeRun(reports, later(savedEvidence("drain"), { runId: "two" }));
    writeFileSync(join(folder("one-leader-loss"), "evidence.json"), '{"format":2}');
    writeFileSync(join(folder("two-drain"), "verdict.json"), '{"drill":"drain"');
    const { runs, unreadable } = await reader().read();
    expect(runs.map(({ drill, verdict, evidence }) => [drill, !!verdict, !!evidence])).toEqual([
      ["leader-loss", true, false],
      ["drain", false, true],
    ]);
    expect(unreadable.map(({ where }) => where)).toEqual([
      join(folder("one-leader-loss"), "evidence.json"),
      join(folder("two-drain"), "verdict.json"),
    ]);
    expect(unreadable[0]?.why).toContain("format 1");
  });

  test("leaves secrets out of all that it reads, and counts them", async () => {
    const token = `SWMTKN-1-${"a1".repeat(25)}-${"z9".repeat(12)}z`;
    const evidence = later(savedEvidence("leader-loss"), { runId: "one" });
    evidence.facts.leaked = { token };
    evidence.steps[0] = {
      ...evidence.steps[0],
      command: `docker swarm join --token ${token}`,
    } as never;
    writeRun(reports, evidence);
    const { runs, withheld } = await reader().read();
    expect(JSON.stringify(runs)).not.toContain("SWMTKN-1-a1");
    expect(JSON.stringify(runs)).toContain("[join token left out]");
    expect(withheld).toBe(3); // once among the facts, and the command in evidence and verdict
  });

  test("reads again only what has changed", async () => {
    const evidence = later(savedEvidence("leader-loss"), { runId: "one" });
    writeRun(reports, evidence);
    const known = reader();
    const before = await known.read();
    const same = await known.read();
    expect(same.runs[0]).toBe(before.runs[0]);
    expect(same.stamp).toBe(before.stamp);
    writeRun(reports, later(evidence, { runId: "one", factor: 2 }));
    utimesSync(join(folder("one-leader-loss"), "verdict.json"), 1, 1);
    const after = await known.read();
    expect(after.stamp).not.toBe(before.stamp);
    expect(after.runs[0]?.verdict?.rto.leader).toBeCloseTo(36.43, 1);
  });

  test("tells a run that is under way by its progress and its writes", async () => {
    const place = writeUnderWay(reports, Date.now());
    appendFileSync(join(place, "history.jsonl"), '{"writer":"m1","na'); // as a crash leaves it
    const [run] = (await reader().read()).runs;
    expect(run).toMatchObject({ drill: "leader-loss", runId: "20261122-101500" });
    expect(run?.verdict).toBeUndefined();
    expect(run?.progress[2]).toEqual({
      seconds: 11,
      says: "break: m1, the leader, loses its power",
    });
    expect(run?.operations.length).toBeGreaterThan(10);
  });
});

test.each([
  ["20261122-101500-backup", "backup", "20261122-101500"],
  ["20261122-101500-3-hot-backup", "hot-backup", "20261122-101500-3"],
  ["a-b-soak", "soak", "a-b"],
])("a folder %s is a run of %s", (name, drill, runId) => {
  expect(named(name)).toEqual({ drill, runId });
});

test("a folder of anything else is no run", () => {
  expect(named("unlock-keys")).toBeUndefined();
});

describe("all that a report is made from", () => {
  const gatherer = () => new Gatherer({ stack: "dev", reports, look: async () => seen() });

  test("names other labs, and says which file of the person's is none", async () => {
    writeFileSync(join(reports, "practice-done.json"), "{]");
    mkdirSync(join(reports, "two"));
    const { input } = await gatherer().read();
    expect(input.otherLabs).toEqual(["two"]);
    expect(input.done).toEqual({});
    expect(input.unreadable.map(({ why }) => why).join()).toContain("need its own JSON");
  });

  test("has a stamp that differs when anything does", async () => {
    const all = gatherer();
    const stamps = [(await all.read()).stamp, (await all.read()).stamp];
    expect(stamps[0]).toBe(stamps[1]);
    writeFileSync(join(reports, "practice-done.json"), JSON.stringify(done()));
    stamps.push((await all.read()).stamp);
    await recordExam(exam("7", 1, 5));
    stamps.push((await all.read()).stamp);
    writeRun(reports, later(savedEvidence("drain"), {}));
    stamps.push((await all.read()).stamp);
    expect(new Set(stamps).size).toBe(4);
  });
});

test("of what a person is at, nothing is given away: neither a random fault nor what passed so far", () => {
  const items = [true, false, null].map((passed) => ({ exercise: "x", passed, wrong: ["y"] }));
  const exam = { minutes: 45, startedAt: 1, items };
  const hidden = { hidden: true, exercise: "pending-task", startedAt: 2 };
  expect(atWorkOf(exam, hidden)).toEqual({
    exam: { minutes: 45, startedAt: 1, of: 3, handedIn: 2 },
    exercise: { name: undefined, startedAt: 2 },
  });
  expect(atWorkOf(undefined, { ...hidden, hidden: false }).exercise?.name).toBe("pending-task");
  expect(atWorkOf(undefined, undefined)).toEqual({});
});
