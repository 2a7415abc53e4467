import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findToolchain } from "../../scripts/toolchain/build.ts";
import { go } from "../../scripts/toolchain/go.ts";
import { SOURCES } from "../../scripts/toolchain/key.ts";

// Where the toolchain is built there is Go, and most of what the tests need is compiled. Elsewhere, with the official
// plugins, there may be no Go, and nothing of ours that runs.
const built = await findToolchain();

describe.skipIf(built === undefined)("the plugins' own tests", () => {
  test.each([
    ["resource-command", "./..."],
    ["resource-docker", "./engine"],
  ])("%s %s", { timeout: 15 * 60_000 }, async (module, packages) => {
    const folder = join(SOURCES, module);
    const said = await go(folder, ["test", "-timeout", "120s", packages], (output) => output);
    expect(said).toMatch(/^ok/m);
    expect(said).not.toMatch(/FAIL/);
  });
});
