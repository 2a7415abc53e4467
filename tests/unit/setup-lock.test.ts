import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isDead, processStart, withLock } from "../../scripts/setup/lock.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-lab-lock-"));
  file = join(folder, "set-up.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (holder: object) => writeFileSync(file, JSON.stringify(holder));
const silent = () => undefined;

describe("the set-up lock", () => {
  test("is there while the work goes on and gone after, also after a failure", async () => {
    await withLock(file, silent, async () => expect(existsSync(file)).toBe(true));
    expect(existsSync(file)).toBe(false);
    const failing = withLock(file, silent, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(existsSync(file)).toBe(false);
  });

  test("lets one work at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = () =>
      withLock(file, silent, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(30);
        inside -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
  });

  test("of a process that is gone is broken", async () => {
    write({ pid: 2 ** 22 + 7, started: "long ago", host: hostname() });
    expect(await withLock(file, silent, async () => "done")).toBe("done");
  });

  test("of a process whose number somebody else has by now is broken", async () => {
    write({ pid: process.pid, started: "long ago", host: hostname() });
    expect(await withLock(file, silent, async () => "done")).toBe("done");
  });

  test("of a living process is waited for, and that is said once", async () => {
    write({ pid: process.pid, started: await processStart(process.pid), host: hostname() });
    const said: string[] = [];
    const work = withLock(
      file,
      (line) => said.push(line),
      async () => "done",
    );
    await sleep(600);
    expect(said).toEqual([`set-up: waiting for the one of process ${process.pid} to end`]);
    rmSync(file);
    expect(await work).toBe("done");
  });

  test("of another machine is never taken for dead", async () => {
    const holder = { pid: 1, started: "x", host: "elsewhere" };
    expect(await isDead(holder, "here", async () => undefined)).toBe(false);
    expect(await isDead({ ...holder, host: "here" }, "here", async () => undefined)).toBe(true);
  });
});
