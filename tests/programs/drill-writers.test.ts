import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseHistory } from "../../components/drills/history.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { parseWriterLine, stopFile, writerEnv } from "../../scripts/drills/writer.ts";
import { startWriters } from "../../scripts/drills/writers.ts";
import { waitFor } from "../../scripts/lib/wait.ts";
import { StubDocker } from "../support/stub-docker.ts";

/** As `docker exec` does: the script runs, here. Its process id is kept, for the tests that end it. */
const EXEC = `[ -e "$STUB/down" ] && { echo 'is not running' >&2; exit 1; }
for last; do :; done; echo $$ >>"$STUB/pids"; exec sh -euc "$last"`;

/** What the engine answers is in the file `answer`: a curl exit code and its output. */
const CURL = `#!/bin/sh
for one; do case $one in *'"Name"'*) printf '%s\\n' "$one" >>"$STUB/bodies";; esac; done
[ -e "$STUB/slow" ] && sleep 2
read -r code <"$STUB/answer"; tail -n +2 "$STUB/answer"; exit "$code"`;

const CREATED = '0\n{"ID":"abc"}\n201';
const manager = (name: string): NodeHandle => ({
  name,
  role: "manager",
  zone: "a",
  address: "10.0.0.1",
  labels: {},
  connection: { kind: "container", container: `c-${name}`, engine: "unix:///nonexistent" },
});

let folder = "";
let docker: StubDocker;
let path: string | undefined;
const at = (name: string) => join(folder, name);
const answer = (text: string) => writeFileSync(at("answer"), text);
const pids = () =>
  existsSync(at("pids")) ? readFileSync(at("pids"), "utf8").trim().split("\n").map(Number) : [];
const alive = (pid: number) => existsSync(`/proc/${pid}`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-lab-writers-"));
  writeFileSync(at("curl"), CURL);
  chmodSync(at("curl"), 0o755);
  answer(CREATED);
  docker = new StubDocker(EXEC);
  path = process.env.PATH;
  process.env.PATH = `${folder}:${docker.path}`;
  process.env.STUB = folder;
});

afterEach(() => {
  process.env.PATH = path;
  delete process.env.STUB;
  docker[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

describe("writers", () => {
  test("write unique names with their own data, one after the other, and keep the history", async () => {
    const writers = startWriters([manager("m1"), manager("m2")], "r1", {
      historyFile: at("history"),
    });
    await writers.waitForAcks(6, 20);
    const operations = await writers.stop();
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
    expect(operations.every(({ result, detail }) => result === "ok" && detail === "")).toBe(true);
    for (const node of ["m1", "m2"]) {
      const own = operations.filter(({ writer }) => writer === node);
      expect(own[0]?.name).toBe(`drill-r1-${node}-1-1`);
      own.slice(1).forEach(({ start }, index) => {
        expect(start - (own[index]?.end ?? Number.NaN)).toBeGreaterThanOrEqual(190);
      });
    }
    expect(parseHistory(readFileSync(at("history"), "utf8")).sort(byName)).toEqual(
      operations.sort(byName),
    );
    const bodies = readFileSync(at("bodies"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(bodies).toHaveLength(operations.length);
    for (const { Name, Data, Labels } of bodies) {
      expect(Buffer.from(Data, "base64").toString()).toBe(Name);
      expect(Labels).toEqual({ "swarm-lab.drill": "r1" });
    }
    expect(pids().filter(alive)).toEqual([]);
  });

  test("tell what was refused, and what may have been written", async () => {
    const writers = startWriters([manager("m1")], "r1");
    await writers.waitForAcks(1, 20);
    answer("28\n\n000");
    await until(() => writers.operations().some(({ detail }) => detail.startsWith("curl exit 28")));
    answer('0\n{"message":"config names must be valid"}\n400');
    await until(() => writers.operations().some(({ result }) => result === "failed"));
    answer('0\n{"message":"two\nlines"}\n500');
    await until(() => writers.operations().at(-1)?.detail === "HTTP 500: two lines");
    await expect(writers.waitForAcks(5, 0.5)).rejects.toThrow(
      /5 more acknowledged writes: not within 0.5 s: 5 missing; m1: HTTP 500: two lines/,
    );
    const operations = await writers.stop();
    expect(operations.find(({ detail }) => detail.startsWith("curl exit 28"))?.result).toBe(
      "indeterminate",
    );
    expect(operations.at(-1)?.result).toBe("indeterminate");
  });

  test("go on under new names when their node was killed, and leave what was in flight open", async () => {
    const writers = startWriters([manager("m1")], "r1");
    await writers.waitForAcks(2, 20);
    writeFileSync(at("slow"), "");
    await until(() => writers.operations().at(-1)?.end === null);
    writeFileSync(at("down"), "");
    for (const pid of pids()) process.kill(pid, "SIGKILL");
    await sleep(1200);
    await expect(writers.waitForAcks(1, 0.1)).rejects.toThrow(
      /m1: ended with code 1: is not running/,
    );
    rmSync(at("slow"));
    rmSync(at("down"));
    await writers.waitForAcks(2, 20);
    const operations = await writers.stop();
    const open = operations.filter(({ end }) => end === null);
    expect(open).toHaveLength(1);
    expect(open[0]?.result).toBe("indeterminate");
    const later = operations.at(-1)?.name.split("-")[3];
    expect(Number(later)).toBeGreaterThan(1);
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
  });

  test("finish the write in hand before they stop, once", async () => {
    const writers = startWriters([manager("m1")], "r1");
    await writers.waitForAcks(1, 20);
    writeFileSync(at("slow"), "");
    await until(() => writers.operations().at(-1)?.end === null);
    const [first, again] = await Promise.all([writers.stop(), writers.stop()]);
    expect(first.at(-1)).toMatchObject({ result: "ok" });
    expect(again).toBe(first);
    expect(writers.acked()).toBe(first.length);
    expect(pids().filter(alive)).toEqual([]);
  });

  test("end by themselves where the stop file of their run is", async () => {
    const run = `t${process.pid}`;
    const writers = startWriters([manager("m1")], run);
    try {
      await writers.waitForAcks(1, 20);
      writeFileSync(stopFile(run), "");
      await until(() => pids().length > 1 && !pids().some(alive));
      const made = writers.operations().length;
      await sleep(800);
      expect(writers.operations().length).toBe(made);
    } finally {
      rmSync(stopFile(run), { force: true });
      await writers.stop();
    }
  });

  test("cannot be started under a name that no config may have", () => {
    for (const run of ["", "a b", "$(id)", "x".repeat(50)])
      expect(() => startWriters([manager("m1")], run)).toThrow(/run id: got .*, need letters/);
  });
});

describe("a writer's line", () => {
  const started = parseWriterLine("m1", "S drill-r-m1-1-1 1700000001000", undefined);

  test("begins a write that nobody answered yet", () => {
    expect(started).toMatchObject({
      writer: "m1",
      start: 1700000001000,
      end: null,
      result: "indeterminate",
    });
  });

  test.each([
    [
      'E drill-r-m1-1-1 1700000001010 0 201 {"ID":"x"}',
      { end: 1700000001010, result: "ok", detail: "" },
    ],
    ["E drill-r-m1-1-1 1700000031000 28 000 ", { result: "indeterminate", detail: "curl exit 28" }],
    [
      'E drill-r-m1-1-1 1700000001010 0 500 {"message":"The swarm does not have a leader."}',
      { result: "failed", detail: "HTTP 500: The swarm does not have a leader." },
    ],
    [
      'E drill-r-m1-1-1 1700000009010 0 500 {"message":"The swarm does not have a leader."}',
      { result: "indeterminate" },
    ],
  ])("ends it: %s", (line, expected) => {
    expect(parseWriterLine("m1", line, started)).toMatchObject({
      name: "drill-r-m1-1-1",
      start: 1700000001000,
      ...expected,
    });
  });

  test.each([
    "",
    "E drill-r-m1-1-1",
    "E drill-r-m1-1-2 1010 0 201 {}",
    "E drill-r-m1-1-1 1700000001010 0 2",
    "S x y z",
    "S drill-r-m1-1-2 17000000",
  ])("is nothing when it is %j", (line) => {
    expect(parseWriterLine("m1", line, started)).toBeUndefined();
  });

  test("names fit, also after many starts", () => {
    const { DRILL_PREFIX = "" } = writerEnv("20260203-040506-abcd", "manager-10", 9999);
    expect(`${DRILL_PREFIX}-999999`.length).toBeLessThanOrEqual(64);
  });
});

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

async function until(holds: () => boolean): Promise<void> {
  const look = async () => (holds() ? { done: undefined } : { waiting: "not yet" });
  await waitFor("it holds", look, { deadline: 20, interval: 0.05 });
}
