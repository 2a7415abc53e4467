import { access, constants, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../components/errors.ts";
import { pulumiHome } from "../cli/paths.ts";
import type { Report } from "../cli/report.ts";
import { capture, said } from "../cli/run.ts";
import { toolchainKey } from "../toolchain/key.ts";
import { tryDownload } from "./pulumi.ts";
import type { Step } from "./step.ts";
import { PLUGINS } from "./versions.ts";

type Plugin = (typeof PLUGINS)[number];

const folderOf = (plugin: Plugin) => `resource-${plugin.name}-v${plugin.version}`;

const there = (file: string, mode = constants.F_OK) =>
  access(file, mode).then(
    () => true,
    () => false,
  );

/** Beside a plugin that came out of the offline toolchain: the key of that toolchain. */
const ORIGIN = "swarm-lab-toolchain";

/**
 * Whether Pulumi would find the plugin, and it is none that older sources of the toolchain made. A `.partial` file
 * beside its folder marks an install that was cut off.
 */
export async function hasPlugin(plugin: Plugin, home = pulumiHome()): Promise<boolean> {
  const folder = join(home, "plugins", folderOf(plugin));
  if (await there(`${folder}.partial`)) return false;
  const origin = await readFile(join(folder, ORIGIN), "utf8").catch(() => undefined);
  if (origin !== undefined && origin !== (await toolchainKey())) return false;
  return there(join(folder, `pulumi-resource-${plugin.name}`), constants.X_OK);
}

async function download(plugin: Plugin, pulumi: string): Promise<void> {
  const args = ["plugin", "install", "resource", plugin.name, plugin.version];
  const result = await capture(join(pulumi, "pulumi"), args, { timeout: 300_000 });
  if (result.code === 0 && (await hasPlugin(plugin))) return;
  throw new UserError(`pulumi ${args.join(" ")} failed: ${said(result, 2)}`);
}

/**
 * Copies a plugin's folder from the toolchain and notes its key: under another name first, so that it is there whole or
 * not at all.
 */
export async function copyPlugin(
  plugin: Plugin,
  from: string,
  key: string,
  home = pulumiHome(),
): Promise<void> {
  const plugins = join(home, "plugins");
  const target = join(plugins, folderOf(plugin));
  const copy = join(plugins, `.copy-${process.pid}-${folderOf(plugin)}`);
  await mkdir(plugins, { recursive: true });
  try {
    await cp(join(from, folderOf(plugin)), copy, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
    });
    await writeFile(join(copy, ORIGIN), key);
    await rm(target, { recursive: true, force: true });
    await rename(copy, target);
    await rm(`${target}.partial`, { force: true });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Brings the provider plugins: by Pulumi's own download, else out of the offline toolchain. */
export class PluginsStep implements Step {
  readonly name = "Pulumi plugins";
  readonly #pulumi: () => string | undefined;

  constructor(pulumi: () => string | undefined) {
    this.#pulumi = pulumi;
  }

  async done(): Promise<boolean> {
    return (await this.#missing()).length === 0;
  }

  async run(say: Report): Promise<void> {
    for (const plugin of await this.#missing()) {
      const what = `Pulumi plugin ${plugin.name} ${plugin.version}`;
      const pulumi = this.#pulumi();
      if (pulumi === undefined) throw new Error("plugins need the Pulumi CLI first");
      if (await tryDownload(what, say, () => download(plugin, pulumi))) continue;
      const { buildToolchain } = await import("../toolchain/build.ts");
      const { plugins } = await buildToolchain({ report: say });
      await copyPlugin(plugin, plugins, await toolchainKey());
    }
  }

  async #missing(): Promise<Plugin[]> {
    const found = await Promise.all(PLUGINS.map((plugin) => hasPlugin(plugin)));
    return PLUGINS.filter((_, index) => !found[index]);
  }
}
