import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OLDEST_GO } from "../../scripts/toolchain/go.ts";
import { SOURCES, toolchainKey } from "../../scripts/toolchain/key.ts";

const MODULES = ["cli", "language-nodejs", "resource-command", "resource-docker"];

let copy: string;
beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), "toolchain-"));
  await cp(SOURCES, copy, { recursive: true });
});
afterEach(() => rm(copy, { recursive: true, force: true }));

test("the key is that of the sources, wherever they lie", async () => {
  expect(await toolchainKey(copy)).toBe(await toolchainKey());
});

test.each([
  ["resource-command/main.go", true],
  ["resource-docker/engine/client.go", true],
  ["resource-docker/shim/shim.go.txt", true],
  ["cli/go.sum", true],
  ["parts.ts", true],
  ["resource-command/main_test.go", false],
  ["build.ts", false],
])("a change of %s changes it: %s", async (file, changes) => {
  const before = await toolchainKey(copy);
  await writeFile(join(copy, file), "changed");
  expect((await toolchainKey(copy)) !== before).toBe(changes);
});

test("another platform has another key", async () => {
  const keys = [
    await toolchainKey(copy, "linux", "x64"),
    await toolchainKey(copy, "linux", "arm64"),
    await toolchainKey(copy, "darwin", "arm64"),
  ];
  expect(new Set(keys).size).toBe(3);
});

/** The modules that a go.mod requires. */
async function required(module: string): Promise<Map<string, string>> {
  const text = await readFile(join(SOURCES, module, "go.mod"), "utf8");
  const lines = text.matchAll(
    /^\t?(?:require )?([\w./~-]+\.[\w./~-]+) (v\S+)(?: \/\/ indirect)?$/gm,
  );
  return new Map([...lines].map(([, name = "", version = ""]) => [name, version]));
}

test("the CLI and the plugins share their modules' versions, so that each is compiled once", async () => {
  const differing: string[] = [];
  const seen = new Map<string, string>();
  for (const module of ["cli", "resource-docker", "resource-command"])
    for (const [name, version] of await required(module)) {
      const other = seen.get(name) ?? version;
      if (other !== version) differing.push(`${module}: ${name} ${version}, elsewhere ${other}`);
      seen.set(name, other);
    }
  expect(seen.size).toBeGreaterThan(300);
  expect(differing).toEqual([]);
});

test("every module asks for the Go that the messages name", async () => {
  for (const module of MODULES)
    expect(await readFile(join(SOURCES, module, "go.mod"), "utf8")).toContain(
      `\ngo ${OLDEST_GO}\n`,
    );
});
