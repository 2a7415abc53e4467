import { access, chmod, constants, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../components/cache.ts";
import { UserError } from "../../components/errors.ts";
import { report, since, timed } from "../cli/report.ts";
import { withLock } from "../setup/lock.ts";
import { go, lastLines, requireGo } from "./go.ts";
import { SOURCES, toolchainKey } from "./key.ts";
import { fetchModules } from "./modules.ts";
import { PARTS, type Part } from "./parts.ts";

/** A built toolchain. */
export interface ToolchainDir {
  /** All of it. Named by what it was built from, so that a change of the sources makes another. */
  readonly path: string;
  /** `pulumi` and `pulumi-language-nodejs`: to be put on PATH. */
  readonly bin: string;
  /** `resource-docker-v5.2.0` and `resource-command-v1.2.1`: to be copied into PULUMI_HOME/plugins. */
  readonly plugins: string;
}

interface Options {
  /** Gets a line when a part begins, every 15 s while it goes on, and when it is done, with its seconds. */
  readonly report?: (line: string) => void;
  /** Where toolchains are kept (default: the lab's folder in the user's cache). */
  readonly cache?: string;
}

/**
 * Builds Pulumi's CLI, its Node language host and the docker and command plugins from Go modules, for machines that
 * cannot reach Pulumi's downloads. Needs Go and what GOPROXY names, and nothing else. Parts built before are kept, also
 * those of a run that was cut off; runs at the same time wait for one another. Throws a UserError that says what lacks.
 */
export async function buildToolchain(options: Options = {}): Promise<ToolchainDir> {
  const say = options.report ?? report;
  const place = await placeIn(options.cache);
  const { path } = place;
  if ((await missing(path)).length === 0) return place;
  const work = running.get(path) ?? buildMissing(path, say).finally(() => running.delete(path));
  running.set(path, work);
  await work;
  return place;
}

/** Builds of this process, by folder: the lock tells processes apart, not callers within one. */
const running = new Map<string, Promise<void>>();

function buildMissing(path: string, say: (line: string) => void): Promise<void> {
  return withLock(`${path}.lock`, say, async () => {
    const parts = await missing(path);
    if (parts.length > 0) await build(parts, path, say);
  });
}

/** The toolchain of these sources when all of it is built, else undefined. */
export async function findToolchain(cache?: string): Promise<ToolchainDir | undefined> {
  const place = await placeIn(cache);
  return (await missing(place.path)).length === 0 ? place : undefined;
}

async function placeIn(cache = join(cacheFolder(), "toolchain")): Promise<ToolchainDir> {
  const path = join(cache, await toolchainKey());
  return { path, bin: join(path, "bin"), plugins: join(path, "plugins") };
}

async function missing(path: string): Promise<Part[]> {
  const there = await Promise.all(
    PARTS.map((part) =>
      access(join(path, part.target), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return PARTS.filter((_, index) => !there[index]);
}

/** Compiles one part after another, as each uses all processors, while modules of later parts are fetched. */
async function build(parts: readonly Part[], path: string, say: (line: string) => void) {
  const start = performance.now();
  await requireGo(join(SOURCES, "cli"));
  const scratch = join(path, "scratch");
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });

  let before: Promise<unknown> = Promise.resolve();
  const fetched = parts.map((part) => {
    const mine = before.then(() =>
      timed(`toolchain: ${part.title}: modules`, () => fetchModules(part, scratch), say),
    );
    before = mine;
    // Its failure is thrown below, where the part is waited for.
    mine.catch(() => undefined);
    return { part, folder: mine };
  });
  try {
    for (const { part, folder } of fetched) {
      const source = await folder;
      const work = () => compile(part, source, path, scratch);
      await timed(`toolchain: ${part.title}: compile`, work, say);
    }
  } finally {
    await Promise.allSettled(fetched.map(({ folder }) => folder));
    await rm(scratch, { recursive: true, force: true });
  }
  say(`toolchain: built in ${since(start)}: ${path}`);
}

async function compile(part: Part, folder: string, path: string, scratch: string): Promise<void> {
  const made = join(scratch, `${part.folder}.made`);
  const target = join(path, part.target);
  const tags = part.tags === undefined ? [] : ["-tags", part.tags];
  const linker = ["-ldflags", `-s -w ${part.linker ?? ""}`.trim()];
  await go(
    folder,
    ["build", ...tags, ...linker, "-o", made, part.package],
    (said) => `toolchain: ${part.title} does not compile: ${lastLines(said)}`,
  );
  await put(made, part.arguments ? hidden(path, part) : target);
  if (part.arguments === undefined) return;
  const script = join(scratch, `${part.folder}.sh`);
  const real = relative(dirname(target), hidden(path, part));
  await writeFile(script, `#!/bin/sh\nexec "\${0%/*}/${real}" ${part.arguments.join(" ")} "$@"\n`);
  await put(script, target);
}

/** Where the executable is that a script of its name starts. */
const hidden = (path: string, { target }: Part) => join(path, "libexec", basename(target));

async function put(made: string, target: string): Promise<void> {
  await chmod(made, 0o755);
  await mkdir(dirname(target), { recursive: true });
  await rename(made, target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const place = await buildToolchain();
    process.stdout.write(`${place.path}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    report(error.message);
    process.exitCode = 1;
  }
}
