import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { x } from "tinyexec";
import { describeProblem, UserError } from "../components/errors.ts";

export type ImageName = "node" | "gateway" | "registry" | "app";
export const IMAGE_NAMES: readonly ImageName[] = ["node", "gateway", "registry", "app"];

/** What every image of the lab is built from: from Docker Hub, or made of Debian's packages. */
export const BASE_IMAGE = "debian:trixie-slim";
/** On every image, with the image's name, so that clean-up and people can tell where it came from. */
export const LABEL_IMAGE = "swarm-lab.image";

export interface ImageOptions {
  /** DOCKER_HOST of the engine that builds and keeps the images. */
  readonly engine: string;
  /** Called with one line per step; nothing is said when everything is there. */
  readonly report?: (line: string) => void;
}

const FOLDER = fileURLToPath(new URL("./images/", import.meta.url));
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * `swarm-lab/<name>:<12 hex>`, a hash over the names, executable bits and contents of the image's
 * folder and the base image's name: a changed file is another tag, an unchanged checkout the same one
 * everywhere. Reads the folder, nothing else.
 */
export function imageTag(name: ImageName, folder = join(FOLDER, name)): string {
  const hash = createHash("sha256").update(`${BASE_IMAGE}\0`);
  for (const file of readdirSync(folder).sort()) {
    const path = join(folder, file);
    const executable = (statSync(path).mode & 0o100) !== 0;
    const content = readFileSync(path);
    hash.update(`${file}\0${executable}\0${content.length}\0`).update(content);
  }
  return `swarm-lab/${name}:${hash.digest("hex").slice(0, 12)}`;
}

/** Which of these references the engine has: one call, whatever their number. */
async function present(engine: string, references: readonly string[]): Promise<Set<string>> {
  const format = "{{range .RepoTags}}{{println .}}{{end}}";
  const args = ["--host", engine, "image", "inspect", "--format", format, ...references];
  const { stdout, stderr, exitCode } = await x("docker", args, { timeout: 30_000 });
  const said = stderr.split("\n").filter((line) => line && !/no such image/i.test(line));
  if (exitCode !== 0 && said.length > 0) {
    const reasons = [...new Set(said)].join(" ");
    throw new UserError(`images: the engine at ${engine} does not answer: ${reasons}`);
  }
  const found = new Set(stdout.split("\n"));
  return new Set(references.filter((reference) => found.has(reference)));
}

/** Runs a long command and hands each of its lines to `line`; a failure is an error with its last lines. */
async function run(
  what: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  timeout: number,
  line: (text: string) => void = () => {},
): Promise<void> {
  const last: string[] = [];
  const child = x(command, [...args], { timeout, nodeOptions: { env } });
  for await (const text of child) {
    last.push(text);
    if (last.length > 20) last.shift();
    line(text);
  }
  const { exitCode } = await child;
  if (exitCode === 0) return;
  const end =
    exitCode === undefined ? `no end within ${timeout / 1000} s` : `exit code ${exitCode}`;
  throw new UserError(`${what}: ${end}:\n${last.map((text) => `  ${text}`).join("\n")}`);
}

/** Makes the base image out of Debian's packages, for machines that reach Debian but no image registry. */
async function bootstrapBase(engine: string, report: (line: string) => void): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const found = await x("mmdebstrap", ["--version"]).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
  if (!found) {
    report("base image: installing mmdebstrap");
    await run("apt-get update", "apt-get", ["update", "-q"], env, 300_000);
    await run("apt-get install", "apt-get", ["install", "-y", "-q", "mmdebstrap"], env, 300_000);
  }
  // What the -slim images of Debian leave out.
  const slim = ["doc", "man", "info", "locale", "lintian"].map(
    (name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
  );
  const make = x("mmdebstrap", ["--variant=minbase", ...slim, "trixie", "-"], {
    timeout: 600_000,
    nodeOptions: { env },
  });
  const change = ["--change", 'CMD ["bash"]', "--change", `LABEL ${LABEL_IMAGE}=base`];
  const load = make.pipe("docker", ["--host", engine, "import", ...change, "-"]);
  const [made, loaded] = await Promise.all([make, load]);
  for (const [what, end] of [
    ["mmdebstrap", made],
    ["docker import", loaded],
  ] as const) {
    if (end.exitCode === 0) continue;
    const last = end.stderr.trim().split("\n").slice(-5).join(" | ");
    throw new UserError(`base image: ${what}: exit code ${end.exitCode}: ${last}`);
  }
  // The name comes last: half a file system never has it.
  const tag = ["--host", engine, "tag", loaded.stdout.trim(), BASE_IMAGE];
  await run("docker tag", "docker", tag, {}, 30_000);
}

function onDebianAsRoot(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/**
 * Makes sure the engine has the base image: uses the one there, else pulls it (at most three
 * minutes), else, on Debian as root, makes it from Debian's packages. Otherwise an error says what the pull said.
 */
export async function ensureBaseImage({ engine, report = () => {} }: ImageOptions): Promise<void> {
  if ((await present(engine, [BASE_IMAGE])).size > 0) return;
  const started = performance.now();
  report(`base image: pulling ${BASE_IMAGE}`);
  try {
    const pull = ["--host", engine, "pull", "--quiet", BASE_IMAGE];
    await run("docker pull", "docker", pull, {}, 180_000);
    report(`base image: pulled (${seconds(started)})`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = error.message.split("\n").at(-1)?.trim() ?? error.message;
    if (!onDebianAsRoot()) {
      throw new UserError(
        describeProblem({
          where: "base image",
          got: `no ${BASE_IMAGE} on the engine and a pull that failed (${reason})`,
          need: "that image",
          fix: `load it with \`docker load\`, or give the engine a way to Docker Hub or a mirror; on Debian as root it is made from Debian's packages`,
        }),
      );
    }
    report(`base image: no pull (${reason}); making it from Debian's packages`);
    await bootstrapBase(engine, report);
    report(`base image: made (${seconds(started)})`);
  }
}

/** Builds one image. The builder keeps each finished step, so an interrupted build goes on where it was. */
async function build(name: ImageName, tag: string, engine: string, report: (line: string) => void) {
  const started = performance.now();
  report(`image ${name}: building ${tag}`);
  const args = ["--network", "host", "--label", `${LABEL_IMAGE}=${name}`, "--tag", tag];
  const command = ["--host", engine, "build", ...args, join(FOLDER, name)];
  // Left alone, the client takes BuildKit where it has buildx and the classic builder where it has not, and both print
  // a line per step. A DOCKER_BUILDKIT=1 from outside would be an error in the latter case, a builder of the user's own
  // (BUILDX_BUILDER) would keep the image to itself.
  const env = {
    BUILDKIT_PROGRESS: "plain",
    DOCKER_BUILDKIT: undefined,
    BUILDX_BUILDER: undefined,
  };
  await run(`image ${name}`, "docker", command, env, 900_000, (line) => {
    const step = /^(?:Step \d+\/\d+ :|#\d+ \[.*?\d+\/\d+\]) +(RUN .*)/.exec(line)?.[1];
    if (step) report(`image ${name}: ${step.slice(0, 72)} (${seconds(started)})`);
  });
  report(`image ${name}: built (${seconds(started)})`);
}

/**
 * Makes sure the engine has these images, building what is missing, and returns their tags. When all
 * are there it costs one call to the engine.
 */
export async function ensureImages<N extends ImageName>(
  names: readonly N[],
  { engine, report = () => {} }: ImageOptions,
): Promise<Record<N, string>> {
  const tags = Object.fromEntries(names.map((name) => [name, imageTag(name)])) as Record<N, string>;
  const there = await present(engine, Object.values(tags));
  const missing = names.filter((name) => !there.has(tags[name]));
  if (missing.length > 0) await ensureBaseImage({ engine, report });
  const lane = async (lanes: readonly N[]) => {
    for (const name of lanes) await build(name, tags[name], engine, report);
  };
  // The node image shares no step with the others, so it is built beside them. Both end before an error is thrown.
  const isNode = (name: N) => name === "node";
  const ends = await Promise.allSettled([
    lane(missing.filter(isNode)),
    lane(missing.filter((name) => !isNode(name))),
  ]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return tags;
}

/** As `ensureImages`, for one. */
export async function ensureImage(name: ImageName, options: ImageOptions): Promise<string> {
  return (await ensureImages([name], options))[name];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const engine = process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
  try {
    const tags = await ensureImages(IMAGE_NAMES, { engine, report: (line) => console.error(line) });
    for (const name of IMAGE_NAMES) console.log(tags[name]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
