import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { heldLocks } from "../../scripts/cli/locks.ts";
import { listProcesses, orphans, parseProcesses, programOf } from "../../scripts/cli/processes.ts";

const MARK = "PULUMI_STACK=dev";
const line = (pid: number, parent: number, text: string) => ({ pid, parent, text });
const PLUGIN = "/h/plugins/resource-docker-v5.2.0/pulumi-resource-docker 127.0.0.1:1";

describe("what a killed pulumi left running", () => {
  test("are its plugins and all they started, deep down", () => {
    const list = [
      line(30, 20, `docker exec m1 ${MARK}`),
      line(20, 10, `node scripts/swarm/member.ts ${MARK}`),
      line(10, 1, `${PLUGIN} HOME=/root ${MARK} LANG=C`),
      line(11, 1, `/b/pulumi-language-nodejs 127.0.0.1:1 ${MARK}`),
    ];
    expect(orphans(list, [MARK]).sort()).toEqual([10, 11, 20, 30]);
  });

  test("are not those of a living pulumi, nor of another stack or backend", () => {
    const list = [
      line(5, 1, `/opt/pulumi preview ${MARK}`),
      line(10, 5, `${PLUGIN} ${MARK}`),
      line(11, 1, `${PLUGIN} PULUMI_STACK=dev2`),
      line(12, 1, `${PLUGIN} ${MARK} PULUMI_BACKEND_URL=file:///other`),
    ];
    expect(orphans(list, [MARK, "PULUMI_BACKEND_URL=file:///mine"])).toEqual([]);
    expect(orphans(list.slice(0, 3), [MARK])).toEqual([]);
  });

  test("are no programs of the user's that have the lab's environment", () => {
    const shell = line(10, 1, `bash ${MARK}`);
    const editor = line(11, 10, `vim pulumi-resource-docker.md ${MARK}`);
    expect(orphans([shell, editor], [MARK])).toEqual([]);
  });

  test("are found by what ps prints here, with the environment", async () => {
    const child = spawn("sleep", ["30"], { env: { ...process.env, SWARM_LAB_TEST: "seen" } });
    try {
      const mine = (await listProcesses()).find(({ pid }) => pid === child.pid);
      expect(mine?.text).toMatch(/^sleep 30 .*SWARM_LAB_TEST=seen/);
      expect(mine?.parent).toBe(process.pid);
      expect(await programOf(child.pid ?? 0)).toBe("sleep");
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("nothing is read out of a line that is none", () => {
    expect(parseProcesses("  1 0 init\n\nnonsense\n")).toEqual([line(1, 0, "init")]);
  });
});

describe("a lock of Pulumi's file backend", () => {
  const lock = (pid: number, hostname = "here") => ({ pid, hostname, timestamp: "2026-01-01" });
  const programs: Record<number, string> = { 1: "init", 7: "pulumi" };
  const program = async (pid: number) => programs[pid];

  test("is held by a pulumi that lives", async () => {
    expect(await heldLocks([lock(7)], "here", program)).toEqual([lock(7)]);
  });

  test("is free when its process is gone, or by now another program", async () => {
    expect(await heldLocks([lock(9), lock(1)], "here", program)).toEqual([]);
  });

  test("of another machine is never judged", async () => {
    expect(await heldLocks([lock(9, "there")], "here", program)).toEqual([lock(9, "there")]);
  });
});
