import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { afterAll, describe, expect, it } from "vitest";
import { configReference, settingsJsonSchema } from "../../stacks/config/reference.ts";
import { folderWith } from "./config-support.ts";

const MARKED = "# Lab\n\n<!-- config:begin -->\nold\n<!-- config:end -->\n\nmore\n";
const { root, remove } = folderWith({ "README.md": MARKED, "plain.md": "# Lab\n" });
afterAll(remove);

const script = fileURLToPath(new URL("../../scripts/config-reference.ts", import.meta.url));
const run = async (...args: string[]) => {
  // Node 22 warns that stripping types is experimental.
  const node = ["--disable-warning=ExperimentalWarning", script, ...args];
  const { exitCode, stdout, stderr } = await x(process.execPath, node);
  return { exitCode, stdout, stderr };
};

describe("the reference", () => {
  const lines = configReference().split("\n");

  it.each([
    "| `managers` | `1`, `3`, `5`, `7` | `3` | Managers; each keeps a copy of the swarm's state and a majority of them must agree |",
    "| `workers` | 0 to 50 | `2` | Workers |",
    "| `expendable` | `true`, `false` | `false` | Whether drills may destroy this lab on purpose |",
    '| `network.subnet` | "auto" or CIDR | `auto` | Network of the nodes themselves; auto: a free /24 within 10.210.0.0 to 10.249.255.0 |',
    "| `swarm.certExpiry` | duration | `2160h` | How long node certificates are valid; they are renewed after 50 to 80 % of it |",
    "| `secrets.<name>.generate.length` | 16 to 256 | `32` | Characters |",
    '| `services.<name>.image` | image | required | "app", the image the lab builds, or an image reference |',
    "| `services.<name>.ports[].target` | 1 to 65535 | required | Port the task listens on |",
    "| `services.<name>.secrets[].mode` | octal mode | `0444` | Permission bits of the file |",
  ])("has the line %s", (line) => {
    expect(lines).toContain(line);
  });

  it("says something about every setting", () => {
    const rows = lines.filter((line) => line.startsWith("| `"));
    expect(rows.length).toBeGreaterThan(90);
    for (const row of rows) {
      const [, setting, value, , meaning] = row.split(" | ").join("|").split("|");
      expect(
        [setting, value, meaning].every((cell) => cell?.trim()),
        row,
      ).toBe(true);
    }
  });
});

describe("the JSON Schema", () => {
  it("allows no unknown key", () => {
    expect(settingsJsonSchema()).toMatchObject({ type: "object", additionalProperties: false });
  });
});

describe("config-reference.ts", () => {
  const readme = join(root, "README.md");

  it("finds an old reference, writes the new one, and then finds nothing", async () => {
    const stale = await run("--check", readme);
    expect(stale.exitCode).toBe(1);
    expect(stale.stderr).toBe(
      `${readme}: got another configuration reference, need the one that the schema makes; run \`node scripts/config-reference.ts --write ${readme}\`\n`,
    );
    expect(await run("--write", readme)).toMatchObject({ exitCode: 0, stderr: "" });
    const text = readFileSync(readme, "utf8");
    expect(text).toBe(MARKED.replace("old", `\n${configReference()}\n`));
    expect(await run("--check", readme)).toMatchObject({ exitCode: 0, stderr: "" });

    writeFileSync(readme, text.replace("| `workers` | 0 to 50", "| `workers` | 0 to 60"));
    expect((await run("--check", readme)).exitCode).toBe(1);
  });

  it("says where the reference should stand when there is no place for it", async () => {
    const plain = join(root, "plain.md");
    const { exitCode, stderr } = await run("--write", plain);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `${plain}: got no place for the configuration reference, need <!-- config:begin --> and, after it, <!-- config:end -->\n`,
    );
    expect(readFileSync(plain, "utf8")).toBe("# Lab\n");
  });

  it("prints the JSON Schema when asked", async () => {
    const { stdout } = await run("--json-schema");
    expect(JSON.parse(stdout)).toEqual(settingsJsonSchema());
  });
});
