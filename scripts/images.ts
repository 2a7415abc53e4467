import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UserError } from "../components/errors.ts";
import {
  type BaseImage,
  ensureBaseImage,
  type ImageOptions,
  LABEL_IMAGE,
  seconds,
} from "./lib/base-image.ts";
import { present, run } from "./lib/image-engine.ts";

/** The images that set-up brings. */
export const IMAGE_NAMES = ["node", "gateway", "registry", "app"] as const;
export type ImageName = (typeof IMAGE_NAMES)[number] | "node-previous" | "nfs";

/** What every image of the lab is built from: from Docker Hub, or made of Debian's packages. */
export const BASE_IMAGE = "debian:trixie-slim";

interface Recipe {
  /** Of scripts/images. */
  readonly folder: string;
  readonly base: BaseImage;
  readonly args: Readonly<Record<string, string>>;
}

const ofFolder = (folder: string): Recipe => ({
  folder,
  base: { image: BASE_IMAGE, suite: "trixie" },
  args: {},
});

const RECIPES: Readonly<Record<ImageName, Recipe>> = {
  node: ofFolder("node"),
  // The engine of the Debian release before, which has its client in the same package: what an upgrade begins with.
  // Only a drill needs it, and makes it when it is asked for.
  "node-previous": {
    folder: "node",
    base: { image: "debian:bookworm-slim", suite: "bookworm" },
    args: { BASE: "debian:bookworm-slim", ENGINE: "docker.io" },
  },
  gateway: ofFolder("gateway"),
  registry: ofFolder("registry"),
  app: ofFolder("app"),
  // One exercise alone wants it, and has it made.
  nfs: ofFolder("nfs"),
};

const FOLDER = fileURLToPath(new URL("./images/", import.meta.url));
/**
 * `swarm-lab/<name>:<12 hex>`, a hash over the names, executable bits and contents of the image's
 * folder and the base image's name: a changed file is another tag, an unchanged checkout the same one
 * everywhere. Reads the folder, nothing else.
 */
export function imageTag(name: ImageName, folder = join(FOLDER, RECIPES[name].folder)): string {
  const hash = createHash("sha256").update(`${RECIPES[name].base.image}\0`);
  for (const file of readdirSync(folder).sort()) {
    const path = join(folder, file);
    const executable = (statSync(path).mode & 0o100) !== 0;
    const content = readFileSync(path);
    hash.update(`${file}\0${executable}\0${content.length}\0`).update(content);
  }
  return `swarm-lab/${name}:${hash.digest("hex").slice(0, 12)}`;
}

/** Builds one image. The builder keeps each finished step, so an interrupted build goes on where it was. */
async function build(name: ImageName, tag: string, engine: string, report: (line: string) => void) {
  const started = performance.now();
  report(`image ${name}: building ${tag}`);
  const { folder, args: given } = RECIPES[name];
  const args = Object.entries(given).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
  args.push("--network", "host", "--label", `${LABEL_IMAGE}=${name}`, "--tag", tag);
  const command = ["--host", engine, "build", ...args, join(FOLDER, folder)];
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
  const bases = new Map(missing.map((name) => [RECIPES[name].base.image, RECIPES[name].base]));
  for (const base of bases.values()) await ensureBaseImage(base, { engine, report });
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
