import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestLab } from "../e2e/support/test-lab.ts";
import { killedAt } from "./support/killed.ts";
import { VARIANTS, variant } from "./support/variants.ts";

const MANAGERS = ["m1", "m2", "m3"];
const SMALL = { workers: 1, services: {}, secrets: {}, configs: {}, registry: { enabled: false } };

async function mustRun(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await x(command, [...args]);
  expect(exitCode, `${command} ${args.join(" ")}: ${stderr}`).toBe(0);
}

/** What a restore must withstand, on one lab: while its swarm lives, and when it is lost. */
describe("a restore", () => {
  let lab: TestLab;
  let good: string;

  beforeAll(async () => {
    lab = new TestLab(SMALL);
    lab.configure({ backup: { directory: lab.folder, keys: join(lab.folder, "keys") } });
    await lab.must("up");
    good = JSON.parse((await lab.must("backup", ["--json"])).stdout).where;
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const container = (name: string) => `swarm-lab-${lab.stack}-${name}`;
  const cluster = () => lab.on("m1", "docker info --format '{{.Swarm.Cluster.ID}}'");

  async function loseManagers(): Promise<void> {
    for (const name of MANAGERS) {
      await lab.on(name, "touch /var/lib/docker/lost");
      await lab.docker(["kill", container(name)]);
      await lab.docker([
        ...[
          "run",
          "--rm",
          "--volumes-from",
          container(name),
          "--network",
          "none",
          "--entrypoint",
          "sh",
        ],
        ...[await lab.docker(["inspect", "--format", "{{.Image}}", container(name)])],
        ...["-euc", "rm -rf /var/lib/docker/swarm*"],
      ]);
    }
  }

  async function whole(): Promise<void> {
    const { stdout } = await lab.must("status", ["--json"]);
    const { nodes, swarm } = JSON.parse(stdout);
    expect(swarm).toMatchObject({ managers: 3, quorum: 2, tolerates: 1 });
    expect(nodes.map(({ state }: { state: string }) => state)).toEqual(Array(4).fill("Ready"));
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  }

  test("is refused while the swarm lives, and changes nothing", async () => {
    const before = await cluster();
    const ran = await lab.lab("restore", [good]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("restore: nothing was changed:");
    expect(ran.stderr).toMatch(
      /managers: got a swarm that lives, with m1, m2, m3, need every manager's engine off/,
    );
    expect(await cluster()).toBe(before);
    await whole();
  });

  describe("of a swarm that is lost", () => {
    beforeAll(loseManagers);

    test.each(VARIANTS)("refuses %s, and changes nothing", async (_, change, message) => {
      const bad = await variant(good, change);
      try {
        const ran = await lab.lab("restore", [bad]);
        expect(ran.code).toBe(1);
        expect(ran.stderr).toMatch(message);
        expect(ran.stderr).not.toMatch(/^\s+at /m);
        for (const name of MANAGERS)
          expect(
            await lab.docker(["inspect", "--format", "{{.State.Status}}", container(name)]),
          ).toBe("exited");
      } finally {
        rmSync(dirname(bad), { recursive: true });
      }
    });

    test("refuses a disk without room, and changes nothing", async () => {
      const volumes = MANAGERS.map((name) =>
        lab.docker(["volume", "inspect", "--format", "{{.Mountpoint}}", container(name)]),
      );
      const folders = await Promise.all(volumes);
      // Over each manager's disk one of a MiB: where it is, the engine's machine is this one.
      for (const folder of folders)
        await mustRun("mount", ["-t", "tmpfs", "-o", "size=1m", "none", folder]);
      try {
        const ran = await lab.lab("restore", [good]);
        expect(ran.code).toBe(1);
        expect(ran.stderr).toMatch(/m\d: got [01] MiB free, need \d+ MiB; make room in/);
        expect(ran.stderr).toContain("restore: nothing was changed:");
        expect(ran.stderr).not.toMatch(/^\s+at /m);
      } finally {
        for (const folder of folders) await mustRun("umount", [folder]);
      }
      for (const name of MANAGERS)
        expect(
          await lab.docker(["inspect", "--format", "{{.State.Status}}", container(name)]),
        ).toBe("exited");
    });

    test("that is killed at four moments is finished by the next one", async () => {
      const moments = [
        /unpacking .* \.\.\.\n/,
        /a new cluster from what it knows \.\.\.\n/,
        /workers under their old ids \.\.\.\n/,
        /joining anew \.\.\.\n/,
      ];
      for (const moment of moments) await killedAt(lab, "restore", [good], moment);
      const { stdout } = await lab.must("restore", [good, "--json"]);
      const done = JSON.parse(stdout);
      expect(done).toMatchObject({ differences: [], missingWorkers: [] });
      expect(await cluster()).toBe(done.clusterId);
      await whole();
    });

    test("keeps what was there before, aside", async () => {
      await loseManagers();
      for (const name of MANAGERS) await lab.docker(["start", container(name)]);
      await lab.must("restore", [good, "--fence"]);
      await lab.must("restore", [good, "--fence"]);
      const aside = await lab.on("m2", "ls -d /var/lib/docker/swarm.before-*");
      expect(aside.split("\n").length).toBeGreaterThanOrEqual(1);
      await whole();
    });

    test("on another machine is finished by the next one wherever it was killed", async () => {
      await loseManagers();
      const moments = [
        /a new cluster from what it knows \.\.\.\n/,
        /joining anew \.\.\.\n/,
        /answering at \S+ no more \.\.\.\n/,
      ];
      const args = [good, "--alias-address"];
      for (const moment of moments) await killedAt(lab, "restore", args, moment);
      await lab.must("restore", args);
      await whole();
    });
  });
});
