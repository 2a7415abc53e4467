import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestLab } from "../e2e/support/test-lab.ts";
import { killedAt } from "./support/killed.ts";

/** What a backup must withstand, on one lab with a registry and no application. */
describe("a backup", () => {
  let lab: TestLab;
  let folder: string;

  beforeAll(async () => {
    lab = new TestLab({ services: {}, secrets: {}, configs: {}, workers: 1 });
    lab.configure({ backup: { directory: lab.folder, keys: join(lab.folder, "keys") } });
    folder = join(lab.folder, lab.stack);
    await lab.must("up");
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const names = () =>
    existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith(".")) : [];
  const node = (name: string) => `swarm-lab-${lab.stack}-${name}`;

  /** Every engine runs, the quorum is whole and the registry has its task. */
  async function whole(): Promise<void> {
    await expect
      .poll(async () => JSON.parse((await lab.lab("status", ["--json"])).stdout), {
        timeout: 90_000,
        interval: 1000,
      })
      .toMatchObject({
        nodes: ["m1", "m2", "m3", "w1"].map((name) => ({ name, state: "Ready" })),
        services: [{ name: "registry", running: 1, desired: 1 }],
      });
  }

  test("is one whole folder that only its owner reads, with a manifest that verifies", async () => {
    const made = JSON.parse((await lab.must("backup", ["--json"])).stdout);
    expect(names()).toEqual([made.name]);
    expect(made).toMatchObject({ mode: "cold", encrypted: false });
    const files = readdirSync(join(folder, made.name)).sort();
    expect(files).toEqual(["SHA256SUMS", "manifest.json", "registry.tgz", "swarm.tgz"]);
    for (const file of files)
      expect(statSync(join(folder, made.name, file)).mode & 0o777, file).toBe(0o600);
    expect((await lab.must("backup", ["--verify", made.name])).stderr).toContain("is whole");
    const [listed] = JSON.parse((await lab.must("backup", ["--list", "--json"])).stdout);
    expect(listed.manifest).toMatchObject({
      ...{ format: 1, lab: lab.stack, mode: "cold", autolock: false, unlockKey: null },
      parts: [{ kind: "registry", node: "w1" }],
    });
    expect(listed.manifest.managers).toHaveLength(3);
    await whole();
  });

  test("that is killed at four moments leaves nothing half done for the next one", async () => {
    const moments = [
      /stopping its engine \.\.\.\n/,
      /archiving its swarm directory \.\.\.\n/,
      /back, and Reachable \.\.\.\n/,
      /archiving volume registry \.\.\.\n/,
    ];
    for (const moment of moments) {
      const before = names();
      await killedAt(lab, "backup", [], moment);
      expect(names(), "a backup that was killed has no name").toEqual(before);
      await lab.must("backup");
      expect(names()).toHaveLength(before.length + 1);
      expect(readdirSync(folder).filter((name) => name.startsWith(".partial"))).toEqual([]);
      await whole();
    }
    for (const name of names()) await lab.must("backup", ["--verify", name]);
  });

  test("is one at a time: a second one is told so at once", async () => {
    const [first, second] = await Promise.all([
      lab.lab("backup", ["--no-registry"]),
      new Promise<Awaited<ReturnType<TestLab["lab"]>>>((resolve) => {
        setTimeout(() => resolve(lab.lab("backup", ["--no-registry"])), 1500);
      }),
    ]);
    expect(first.code, first.stderr).toBe(0);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^backup: got one that is running already \(process \d+ on /m);
    await whole();
  });

  test("is refused where there is no room for it, and the engine is back", async () => {
    const tiny = join(lab.folder, "tiny");
    await x("mkdir", ["-p", tiny]);
    const mounted = await x("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", tiny]);
    if (mounted.exitCode !== 0) return expect(process.getuid?.(), "root can mount").not.toBe(0);
    try {
      lab.configure({ backup: { directory: tiny, keys: join(lab.folder, "keys") } });
      await lab.must("up");
      const ran = await lab.lab("backup");
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(/no space|ENOSPC/i);
      expect(readdirSync(join(tiny, lab.stack)).filter((name) => !name.startsWith("."))).toEqual(
        [],
      );
      await whole();
    } finally {
      await x("umount", [tiny]);
      lab.configure({ backup: { directory: lab.folder, keys: join(lab.folder, "keys") } });
      await lab.must("up");
    }
  });

  test("keeps as many good ones as it is told", async () => {
    const made = JSON.parse(
      (await lab.must("backup", ["--no-registry", "--keep", "2", "--json"])).stdout,
    );
    expect(names()).toHaveLength(2);
    expect(names()).toContain(made.name);
    expect(made.removed.length).toBeGreaterThan(0);
  });

  test("that is encrypted is rehearsed with its secret, and not without", async () => {
    const secret = join(lab.folder, "passphrase");
    writeFileSync(secret, "quite a long passphrase\n", { mode: 0o600 });
    const withSecret = ["--passphrase-file", secret, "--json"];
    const made = JSON.parse((await lab.must("backup", ["--no-registry", ...withSecret])).stdout);
    expect(made).toMatchObject({ encrypted: true });
    const closed = await lab.lab("backup", ["--rehearse", made.name]);
    expect(closed.code).toBe(1);
    expect(closed.stderr).toMatch(/passphrase/);
    expect(closed.stderr).not.toMatch(/^\s+at /m);
    const ran = await lab.must("backup", ["--rehearse", made.name, ...withSecret]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ whole: true, differences: [] });
    expect(lab.printed).not.toContain("quite a long passphrase");
  });

  test("of managers with autolock is rehearsed with the unlock key that was kept", async () => {
    lab.configure({ swarm: { autolock: true } });
    await lab.must("up");
    const made = JSON.parse((await lab.must("backup", ["--no-registry", "--json"])).stdout);
    const ran = await lab.must("backup", ["--rehearse", made.name, "--json"]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ whole: true, differences: [] });
    lab.configure({ swarm: { autolock: false } });
    await lab.must("up");
    await whole();
  });

  test("is refused when stopping a manager would lose the quorum, and when it is lost", async () => {
    const before = names();
    await lab.docker(["stop", "--time", "10", node("m1")]);
    await expect
      .poll(async () => (await lab.lab("backup")).stderr, { timeout: 90_000, interval: 3000 })
      .toMatch(
        /^backup: got 2 of 3 managers that can be reached, need 3: the quorum is 2, and one is stopped meanwhile; bring back/m,
      );
    await lab.docker(["stop", "--time", "10", node("m2")]);
    const crashed = await lab.lab("backup");
    expect(crashed.code).toBe(1);
    expect(crashed.stderr).toContain("a crashed cluster cannot be backed up");
    expect(names()).toEqual(before);
    await lab.must("up");
    await whole();
    await lab.must("backup", ["--no-registry"]);
  });
});
