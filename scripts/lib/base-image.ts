import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { x } from "tinyexec";
import { describeProblem, UserError } from "../../components/errors.ts";
import { present, run } from "./image-engine.ts";

/** On every image, with the image's name, so that clean-up and people can tell where it came from. */
export const LABEL_IMAGE = "swarm-lab.image";

/** An image that others are built from: its name at Docker Hub, and the release of Debian to make it of. */
export interface BaseImage {
  readonly image: string;
  readonly suite: string;
}

export interface ImageOptions {
  /** DOCKER_HOST of the engine that builds and keeps the images. */
  readonly engine: string;
  /** Called with one line per step; nothing is said when everything is there. */
  readonly report?: (line: string) => void;
}

/** Seconds since a moment of `performance.now()`, in words. */
export const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Makes the base image out of Debian's packages, for machines that reach Debian but no image registry. */
async function bootstrapBase(
  { image, suite }: BaseImage,
  engine: string,
  report: (line: string) => void,
): Promise<void> {
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
  const make = x("mmdebstrap", ["--variant=minbase", ...slim, suite, "-"], {
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
  const tag = ["--host", engine, "tag", loaded.stdout.trim(), image];
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
export async function ensureBaseImage(
  base: BaseImage,
  { engine, report = () => {} }: ImageOptions,
): Promise<void> {
  const { image } = base;
  if ((await present(engine, [image])).size > 0) return;
  const started = performance.now();
  report(`base image: pulling ${image}`);
  try {
    const pull = ["--host", engine, "pull", "--quiet", image];
    await run("docker pull", "docker", pull, {}, 180_000);
    report(`base image: pulled (${seconds(started)})`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = error.message.split("\n").at(-1)?.trim() ?? error.message;
    if (!onDebianAsRoot()) {
      throw new UserError(
        describeProblem({
          where: "base image",
          got: `no ${image} on the engine and a pull that failed (${reason})`,
          need: "that image",
          fix: `load it with \`docker load\`, or give the engine a way to Docker Hub or a mirror; on Debian as root it is made from Debian's packages`,
        }),
      );
    }
    report(`base image: no pull (${reason}); making it from Debian's packages`);
    await bootstrapBase(base, engine, report);
    report(`base image: made (${seconds(started)})`);
  }
}
