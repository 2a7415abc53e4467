import { readdirSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";
import { expect, test } from "vitest";
import { ROOT } from "../support/fixtures.ts";

/** Refuses to load anything of Pulumi's, and then loads all that it is told of. */
const LOADS = `import { registerHooks } from "node:module";
registerHooks({ resolve(name, context, next) {
  if (name.startsWith("@pulumi/")) throw new Error(name + " is loaded by " + context.parentURL);
  return next(name, context);
} });
for (const file of process.argv.slice(1)) await import(file);`;

test("no command of the lab loads Pulumi's library, which would double its start", async () => {
  const folder = join(ROOT, "scripts/cli");
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", LOADS];
  const loaded = await x(process.execPath, [...args, ...files.map((name) => join(folder, name))]);
  expect(loaded.stderr).toBe("");
  expect(loaded.exitCode).toBe(0);
});
