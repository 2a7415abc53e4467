import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../../components/cache.ts";
import { type Report, report, timed } from "../../../scripts/cli/report.ts";
import { run } from "../../../scripts/lib/image-engine.ts";
import { withLock } from "../../../scripts/setup/lock.ts";
import {
  CUSTOMIZE,
  DISK_SIZE,
  EARLY,
  ENGINE,
  FINISH,
  INSTALL,
  PACKAGES,
  recipeKey,
  SUITE,
} from "./recipe.ts";

/** Files that a machine starts from. They are read by all machines and written by none. */
export interface Image {
  /** Where it is kept, and what belongs to it. */
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Raw ext4 file systems: `bare` has no Docker engine, `engine` has Debian's, enabled. */
  readonly disks: { readonly bare: string; readonly engine: string };
}

export type Disk = keyof Image["disks"];

const MINUTES = 60_000;

function imageIn(folder: string): Image {
  const file = (name: string) => join(folder, name);
  return {
    folder,
    kernel: file("vmlinuz"),
    initrd: file("initrd"),
    disks: { bare: file("bare.ext4"), engine: file("engine.ext4") },
  };
}

/** The one file of the tree's /boot whose name begins so, moved out. */
async function takeFromBoot(root: string, prefix: string, to: string): Promise<void> {
  const names = await readdir(join(root, "boot"));
  const [name, ...more] = names.filter((each) => each.startsWith(prefix));
  if (name === undefined || more.length > 0)
    throw new Error(`vm image: /boot has ${names.join(", ")}; need one ${prefix}*`);
  await rename(join(root, "boot", name), to);
}

async function build(folder: string, say: Report): Promise<void> {
  const root = join(folder, "root");
  const image = imageIn(folder);
  const env = { DEBIAN_FRONTEND: "noninteractive", ENGINE: ENGINE.join(" "), LC_ALL: "C.UTF-8" };
  const step = (name: string, command: string, args: readonly string[]) =>
    timed(`vm image: ${name}`, () => run(name, command, args, env, 10 * MINUTES), say);
  const disk = async (name: string, file: string) => {
    await run(name, "sh", ["-euc", FINISH, "finish", root], env, MINUTES);
    await step(name, "mke2fs", ["-q", "-F", "-t", "ext4", "-d", root, file, DISK_SIZE]);
  };
  await step(`packages of ${SUITE}`, "mmdebstrap", [
    ...["--mode=root", "--variant=important", `--include=${PACKAGES.join(",")}`],
    ...[`--essential-hook=${EARLY}`, `--customize-hook=sh ${CUSTOMIZE} "$1"`],
    ...[SUITE, root],
  ]);
  await takeFromBoot(root, "vmlinuz-", image.kernel);
  await takeFromBoot(root, "initrd.img-", image.initrd);
  await disk("disk without an engine", image.disks.bare);
  await step("Docker engine", "sh", ["-euc", INSTALL, "install", root]);
  await disk("disk with an engine", image.disks.engine);
  await rm(root, { recursive: true, force: true });
}

/**
 * Makes the image that machines start from, once for each recipe; it is kept in the user's cache. It has its name only when
 * it is whole: an interrupted build is done again.
 */
export async function ensureImage(say: Report = report): Promise<Image> {
  const cache = cacheFolder();
  const name = `vm-${recipeKey()}`;
  const folder = join(cache, name);
  if (existsSync(folder)) return imageIn(folder);
  await mkdir(cache, { recursive: true });
  await withLock(join(cache, "vm-image.lock"), say, async () => {
    if (existsSync(folder)) return;
    // What an interrupted build left, and images of older recipes: each is gigabytes.
    const old = (await readdir(cache)).filter((each) => /^(half-)?vm-[0-9a-f]/.test(each));
    for (const each of old) await rm(join(cache, each), { recursive: true, force: true });
    const half = await mkdtemp(join(cache, `half-${name}-`));
    try {
      await build(half, say);
      await rename(half, folder);
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  });
  return imageIn(folder);
}
