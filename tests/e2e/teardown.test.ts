import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { own, removeAbandoned } from "./support/abandoned.ts";
import { labelled } from "./support/remains.ts";
import { ROOT, TestLab } from "./support/test-lab.ts";

/** A lab without workloads, where they do not matter: it is up in half the time. */
const SMALL = { workers: 1, services: {}, secrets: {}, configs: {}, registry: { enabled: false } };

async function gone(lab: TestLab): Promise<void> {
  expect(await lab.leftovers()).not.toEqual([]);
  const down = await lab.must("down");
  expect(down.stdout + down.stderr).toContain("remains");
  expect(await lab.leftovers()).toEqual([]);
}

describe("down leaves nothing", () => {
  test("when every node is stopped, workloads and all", async () => {
    await using lab = new TestLab();
    await lab.must("up");
    const nodes = await lab.docker([
      "ps",
      "-q",
      "--filter",
      `label=swarm-lab.node`,
      "--filter",
      `label=swarm-lab.lab=${lab.stack}`,
    ]);
    await lab.docker(["kill", ...nodes.split("\n")]);
    await gone(lab);
  });

  test("when the managers and the gateway were removed by hand", async () => {
    await using lab = new TestLab(SMALL);
    await lab.must("up");
    const names = ["m1", "m2", "m3", "gateway"].map((node) => `swarm-lab-${lab.stack}-${node}`);
    await lab.docker(["rm", "--force", ...names]);
    await gone(lab);
  });

  test("when the lab is half built", async () => {
    await using lab = new TestLab({ ...SMALL, nodes: { engineFlags: ["--no-such-flag"] } });
    const failed = await lab.lab("up");
    expect(failed.code).not.toBe(0);
    await gone(lab);
  });

  test("when the state is lost", async () => {
    await using lab = new TestLab(SMALL);
    await lab.must("up");
    rmSync(`${lab.folder}/.pulumi`, { recursive: true });
    await gone(lab);
  });
});

test("the labs of a suite that was killed go with the next, and no others", async () => {
  await using lab = new TestLab();
  const abandoned = new TestLab();
  const { pid } = spawnSync("true");
  own(abandoned.folder, { stack: abandoned.stack, root: ROOT, pid });
  const volume = ({ stack }: TestLab) =>
    lab.docker(["volume", "create", "--label", `swarm-lab.lab=${stack}`, `swarm-lab-${stack}-x`]);
  await volume(lab);
  await volume(abandoned);
  await removeAbandoned();
  expect(await labelled(abandoned.stack)).toEqual([]);
  expect(existsSync(abandoned.folder)).toBe(false);
  expect(existsSync(join(ROOT, `Pulumi.${abandoned.stack}.yaml`))).toBe(false);
  expect(await labelled(lab.stack)).toEqual([`volume swarm-lab-${lab.stack}-x`]);
  expect(existsSync(join(ROOT, `Pulumi.${lab.stack}.yaml`))).toBe(true);
});
