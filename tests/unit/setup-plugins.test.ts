import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { copyPlugin, hasPlugin } from "../../scripts/setup/plugins.ts";
import { PLUGINS } from "../../scripts/setup/versions.ts";
import { toolchainKey } from "../../scripts/toolchain/key.ts";
import { scratch, script } from "./setup-support.ts";

const place = scratch();

describe("plugins out of the toolchain", () => {
  const plugin = PLUGINS[0];
  const source = () => join(place.folder, "plugins");
  const installed = () =>
    join(place.folder, "home", "plugins", `resource-docker-v${plugin.version}`);
  beforeEach(() =>
    script(
      join(source(), `resource-docker-v${plugin.version}`, "pulumi-resource-docker"),
      "exit 0",
    ),
  );

  test("are copied whole, and one of an older toolchain does not count", async () => {
    const home = join(place.folder, "home");
    expect(await hasPlugin(plugin, home)).toBe(false);
    await copyPlugin(plugin, source(), await toolchainKey(), home);
    expect(await hasPlugin(plugin, home)).toBe(true);
    expect(readdirSync(join(home, "plugins"))).toHaveLength(1);
    await copyPlugin(plugin, source(), "older", home);
    expect(await hasPlugin(plugin, home)).toBe(false);
  });

  test("the user's own count, unless their install was cut off", async () => {
    const home = join(place.folder, "home");
    script(join(installed(), "pulumi-resource-docker"), "");
    expect(await hasPlugin(plugin, home)).toBe(true);
    writeFileSync(`${installed()}.partial`, "");
    expect(await hasPlugin(plugin, home)).toBe(false);
  });

  test("that cannot be copied leave nothing behind", async () => {
    const home = join(place.folder, "home");
    await expect(copyPlugin(plugin, join(place.folder, "nowhere"), "key", home)).rejects.toThrow();
    expect(existsSync(installed())).toBe(false);
    expect(readdirSync(join(home, "plugins"))).toEqual([]);
  });
});
