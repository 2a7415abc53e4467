import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

const LAB = fileURLToPath(new URL("../../scripts/lab.ts", import.meta.url));
const TOKEN = `SWMTKN-1-${"a1".repeat(25)}-${"z9".repeat(12)}z`;
const KEY = `SWMKEY-1-${"+/aZ".repeat(10)}abc`;
const folder = mkdtempSync(join(tmpdir(), "check-tokens-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
    ...{ cwd: folder, encoding: "utf8" },
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_DIR: undefined },
  });
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", LAB, "check-tokens", ...args],
    { cwd: folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", GIT_DIR: undefined } },
  );
  expect(`${stdout}${stderr}`).not.toContain(TOKEN);
  expect(`${stdout}${stderr}`).not.toContain(KEY);
  return { status, stdout, stderr };
}

describe("check-tokens", () => {
  beforeEach(() => {
    rmSync(join(folder, ".git"), { recursive: true, force: true });
    git("init", "--quiet");
    write("clean.md", "docker swarm join --token SWMTKN-1-... 192.0.2.1:2377\n");
    write("notes.md", `first\njoin with ${TOKEN}\n`);
    write("vault.bin", `\u0000\u0001${KEY}\u0000`);
  });

  test("passes files that have none", () => {
    const { status, stderr } = run("clean.md");
    expect([status, stderr]).toEqual([0, "1 file searched, no join token and no unlock key\n"]);
  });

  test("names file, line and kind, and fails", () => {
    const { status, stderr } = run("clean.md", "notes.md", "vault.bin");
    expect(status).toBe(1);
    expect(stderr).toContain("notes.md:2: join token\nvault.bin:1: unlock key\n");
    expect(stderr).toContain("3 files searched, 2 found; take it out");
  });

  test("prints data when asked to", () => {
    expect(JSON.parse(run("--json", "notes.md").stdout)).toEqual({
      ...{ searched: 1, found: [{ file: "notes.md", line: 2, kind: "join token" }] },
    });
  });

  test("judges what is staged, not what is on the disk", () => {
    git("add", "notes.md");
    write("notes.md", "nothing any more\n");
    expect(run("--staged")).toMatchObject({
      ...{ status: 1, stderr: expect.stringContaining("notes.md:2: join token") },
    });
    git("add", "notes.md");
    write("notes.md", `${TOKEN}\n`);
    expect(run("--staged")).toMatchObject({
      ...{ status: 0, stderr: expect.stringContaining("1 file searched, no join token") },
    });
  });

  test("takes every name as it is written", () => {
    write("[a] *.md", `${KEY}\n`);
    git("add", ":(literal)[a] *.md");
    expect(run("--staged").stderr).toContain("[a] *.md:1: unlock key");
  });

  test("does not judge what was committed before, nor what is removed", () => {
    git("add", ".");
    git("commit", "--quiet", "--message", "all");
    expect(run("--staged").status).toBe(0);
    git("rm", "--quiet", "--cached", "notes.md");
    expect(run("--staged").stderr).toContain("0 files searched");
  });

  test("fails on what it cannot read, and searches nothing then", () => {
    const { status, stderr } = run("notes.md", "missing.md", ".");
    expect(status).toBe(1);
    expect(stderr).toContain("missing.md: got ENOENT, need a file that can be read");
    expect(stderr).toContain(".: got EISDIR, need a file that can be read");
    expect(stderr).not.toContain("notes.md:2");
  });

  test.each([[[]], [["--staged", "notes.md"]]])("says what it needs of %j", (args) => {
    expect(run(...args)).toMatchObject({
      ...{
        status: 1,
        stderr: expect.stringContaining("need one or more files, or --staged alone"),
      },
    });
  });

  test("says where --staged works", () => {
    rmSync(join(folder, ".git"), { recursive: true, force: true });
    expect(run("--staged").stderr).toMatch(/git diff failed: .*; run it in a checkout/);
  });
});
