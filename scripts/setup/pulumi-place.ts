import { access, constants, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { cacheFolder } from "../../components/cache.ts";
import { capture } from "../cli/run.ts";
import { PULUMI_VERSION, usablePulumi } from "./versions.ts";

/** Where the Pulumi that the lab uses is, and where it came from. */
export interface PulumiPlace {
  /** Folder of `pulumi` and `pulumi-language-nodejs`. */
  readonly bin: string;
  readonly from: "path" | "download" | "toolchain";
}

const executable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The official release in the cache; its tarball has one folder, `pulumi`. */
export const releaseFolder = () => join(cacheFolder(), `pulumi-${PULUMI_VERSION}`);

/** Folder of the executables in the offline toolchain that this checkout's sources make, when it is built. */
async function builtToolchain(): Promise<string | undefined> {
  const { toolchainKey } = await import("../toolchain/key.ts");
  const bin = join(cacheFolder(), "toolchain", await toolchainKey(), "bin");
  const parts = ["pulumi", "pulumi-language-nodejs"].map((name) => executable(join(bin, name)));
  return (await Promise.all(parts)).every(Boolean) ? bin : undefined;
}

/** `pulumi version`, remembered by the executable's path, size and time, as asking takes 0.3 s. */
async function versionOf(file: string): Promise<string> {
  const memory = join(cacheFolder(), "pulumi-version.json");
  const { size, mtimeMs } = await stat(file);
  const key = `${file} ${size} ${mtimeMs}`;
  try {
    const known = JSON.parse(await readFile(memory, "utf8")) as { key: string; version: string };
    if (known.key === key) return known.version;
  } catch {
    // Nothing remembered: ask.
  }
  const { stdout } = await capture(file, ["version"], { env: { PULUMI_SKIP_UPDATE_CHECK: "1" } });
  const version = stdout.trim();
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(memory, JSON.stringify({ key, version }));
  return version;
}

/** The user's own Pulumi: the first on PATH that has a usable version and its Node language host beside it. */
async function onPath(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const file = join(folder, "pulumi");
    // node_modules/.bin/pulumi is npm's wrapper, not the CLI.
    if (folder === "" || /node_modules/.test(folder) || !(await executable(file))) continue;
    const host = await executable(join(dirname(file), "pulumi-language-nodejs"));
    if (host && usablePulumi(await versionOf(file))) return folder;
  }
  return undefined;
}

/** Finds the Pulumi to use: the user's own, else the official release in the cache, else the toolchain's. */
export async function findPulumi(): Promise<PulumiPlace | undefined> {
  const own = await onPath();
  if (own !== undefined) return { bin: own, from: "path" };
  const release = join(releaseFolder(), "pulumi");
  if (await executable(join(release, "pulumi"))) return { bin: release, from: "download" };
  const built = await builtToolchain();
  return built === undefined ? undefined : { bin: built, from: "toolchain" };
}
