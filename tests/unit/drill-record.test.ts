import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseEvidence } from "../../components/drills/evidence.ts";
import { Record } from "../../scripts/drills/record.ts";

let folder = "";
let said: string[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "swarm-lab-record-")), "run");
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  rmSync(join(folder, ".."), { recursive: true });
});

const open = () => Record.open({ drill: "backup", runId: "r1", lab: "dev", folder });
const log = () => readFileSync(join(folder, "progress.log"), "utf8");
const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe("the record of a drill", () => {
  test("is evidence that can be read again, for its owner alone", async () => {
    const record = await open();
    record.fact("leader", "m1");
    record.mark("fault", 5);
    await record.save();
    const saved = parseEvidence(readFileSync(join(folder, "evidence.json"), "utf8"));
    expect(saved).toMatchObject({
      ...{ drill: "backup", runId: "r1", lab: "dev", facts: { leader: "m1" } },
      marks: { fault: 5 },
    });
    expect(saved.endedAt).toBeGreaterThanOrEqual(saved.startedAt);
    expect([mode(folder), mode(join(folder, "evidence.json"))]).toEqual(["700", "600"]);
  });

  test("keeps the first moment of a mark, and returns it", async () => {
    const record = await open();
    expect(record.mark("fault", 5)).toBe(5);
    expect(record.mark("fault", 9)).toBe(5);
    expect(record.evidence.marks).toEqual({ fault: 5 });
  });

  test("keeps a step with its phase, node and seconds, and returns what it gave", async () => {
    vi.useFakeTimers({ now: 1000, toFake: ["Date"] });
    const record = await open();
    record.phase("break", "the power goes");
    const gave = await record.step({ name: "m1" }, "docker kill", async () => {
      vi.setSystemTime(1250);
      return "done";
    });
    expect(gave).toBe("done");
    expect(record.evidence.steps).toEqual([
      { phase: "break", node: "m1", command: "docker kill", seconds: 0.25, at: 1000 },
    ]);
  });

  test("keeps a step that failed as well, and throws on", async () => {
    const record = await open();
    const fails = () => Promise.reject(new Error("no power"));
    await expect(record.step(null, "npm run restore", fails)).rejects.toThrow("no power");
    expect(record.evidence.steps).toMatchObject([
      { phase: "available", node: null, command: "npm run restore" },
    ]);
    expect(log()).toMatch(/ {2}npm run restore failed \(0(\.\d+)? s\)\n$/);
  });

  test("tells of steps that took a second, by their first line", async () => {
    vi.useFakeTimers({ now: 1000, toFake: ["Date"] });
    const record = await open();
    await record.step({ name: "m1" }, "quick", async () => undefined);
    await record.step({ name: "m1" }, "slow\nmore", async () => vi.setSystemTime(3000));
    expect(log()).toBe("   2 s    m1: slow (2 s)\n");
  });

  test("tells everything on stderr and in its file, in the same order", async () => {
    const record = await open();
    for (let line = 0; line < 200; line += 1) record.say(`line ${line}`);
    expect(log()).toBe(said.join(""));
    expect(said).toHaveLength(200);
  });
});
