import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capture } from "../../components/process.ts";
import { pathFolders } from "../../scripts/cli/environment.ts";
import { POLICIES } from "../../scripts/cli/paths.ts";
import { findPulumi } from "../../scripts/setup/pulumi-place.ts";

const LAB = join(import.meta.dirname, "fixtures", "policy-lab");
/** Pulumi writes a file of this name beside the program; git ignores those of tests. */
const STACK = "tpolicy";

/** The real engine, its language host and the pack as Pulumi starts it; nothing is made, and no Docker engine is asked. */
describe("pulumi preview --policy-pack", { timeout: 150_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-lab-policy-"));
  let env: Record<string, string>;
  beforeAll(async () => {
    const place = await findPulumi();
    if (place === undefined) throw new Error("there is no Pulumi: `npm run preview` brings it");
    const folders = pathFolders({ pulumi: place.bin });
    env = {
      PATH: [...folders, process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "of this test alone",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
    };
    const { code, stderr } = await pulumi("stack", "init", STACK);
    expect(code, stderr).toBe(0);
  }, 60_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(LAB, `Pulumi.${STACK}.yaml`), { force: true });
  });

  const pulumi = (...args: string[]) =>
    capture("pulumi", ["--cwd", LAB, ...args, "--non-interactive"], { env, timeout: 120_000 });
  const preview = (wrong = "") => {
    env = { ...env, POLICY_LAB_WRONG: wrong };
    return pulumi("preview", "--stack", STACK, "--policy-pack", POLICIES);
  };

  test("passes a lab that is as it should be", async () => {
    const { code, stdout, stderr } = await preview();
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/✅ swarm-lab@v\S+ \(local: /);
    expect(stdout).not.toMatch(/\[(mandatory|advisory)\]|can't run/);
  });

  test("fails one that is not, and says of each mistake where, what and what to do", async () => {
    const { code, stdout } = await preview("even,floating,unlabelled,plain,token");
    expect(code).not.toBe(0);
    expect(stdout).toContain("❌ swarm-lab@v");
    const said = stdout.replace(/\s+/g, " ");
    for (const [policy, resource, words] of [
      ["odd-managers", "Stack", "managers: got 2, need an odd number: 2 bear the loss of 0"],
      ["pinned-images", "m1", 'm1.image: got "node:latest", need an exact tag or a digest'],
      ["labelled", "m2", "m2: got labels without swarm-lab.lab, need swarm-lab.lab"],
      ["plain-text-secrets", "made", "made.environment.PASSWORD: got a plain text (not shown)"],
      ["plain-text-secrets", "made", "made.environment.JOIN: got a token or a key in plain text"],
    ] as const) {
      expect(said).toContain(`[mandatory] ${policy} (`);
      expect(said, policy).toContain(words);
      expect(said, policy).toContain(resource);
    }
    expect(said).toContain("set managers to 1, 3, 5 or 7");
  });

  test("sees what Pulumi marks as secret, and its value elsewhere", async () => {
    const { code, stdout } = await preview("leaked");
    expect(code).not.toBe(0);
    const said = stdout.replace(/\s+/g, " ");
    expect(said).toContain("[mandatory] leaked-secrets (command:local:Command: made)");
    expect(said).toContain("made.create: got the value of a secret in plain text (not shown)");
    expect(said).not.toContain("plain-text-secrets (");
  });

  test("refuses a majority in one of three zones", async () => {
    const { code, stdout } = await preview("heaped");
    expect(code).not.toBe(0);
    expect(stdout).toContain("zone a: got 2 of 3 managers (m1, m2), need at most 1");
  });
});
