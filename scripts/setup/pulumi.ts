import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../components/cache.ts";
import { UserError } from "../../components/errors.ts";
import type { Report } from "../cli/report.ts";
import { capture, said } from "../cli/run.ts";
import { checksumOf, fetchFile, fetchText, recentFailure, rememberFailure } from "./downloads.ts";
import { findPulumi, type PulumiPlace, releaseFolder } from "./pulumi-place.ts";
import type { Step } from "./step.ts";
import { PULUMI_VERSION } from "./versions.ts";

const RELEASES = "https://get.pulumi.com/releases/sdk";

/** Name of the official tarball for a platform. */
export function tarballName(platform: NodeJS.Platform, arch: string): string {
  return `pulumi-v${PULUMI_VERSION}-${platform}-${arch === "arm64" ? "arm64" : "x64"}.tar.gz`;
}

/** Downloads the official release, checks it against its checksums file and puts it into the cache whole. */
export async function downloadRelease(base = RELEASES): Promise<void> {
  const name = tarballName(process.platform, process.arch);
  const sums = await fetchText(`${base}/pulumi-${PULUMI_VERSION}-checksums.txt`, 20);
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), "pulumi."));
  try {
    const file = join(folder, name);
    await fetchFile(`${base}/${name}`, file, checksumOf(sums, name), 600);
    const result = await capture("tar", ["-xzf", file, "-C", folder], { timeout: 120_000 });
    if (result.code !== 0)
      throw new UserError(`Pulumi: tar could not unpack ${name}: ${said(result)}`);
    await rm(file);
    await rm(releaseFolder(), { recursive: true, force: true });
    await rename(folder, releaseFolder());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `download` unless one failed within the hour; a failure is said and remembered. Whether it worked. */
export async function tryDownload(
  what: string,
  say: Report,
  download: () => Promise<void>,
): Promise<boolean> {
  if ((await recentFailure()) !== undefined) {
    say(`set-up: ${what}: no download, as one failed within the hour`);
    return false;
  }
  try {
    await download();
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`set-up: ${what}: ${error.message}`);
    await rememberFailure(error.message);
    return false;
  }
}

/** Brings the Pulumi CLI: the user's own, else the official download, else the offline toolchain. */
export class PulumiStep implements Step {
  readonly name = `Pulumi ${PULUMI_VERSION}`;
  #place: PulumiPlace | undefined;

  async done(): Promise<boolean> {
    this.#place = await findPulumi();
    return this.#place !== undefined;
  }

  async run(say: Report): Promise<void> {
    if (!(await tryDownload("Pulumi", say, downloadRelease))) {
      say("set-up: Pulumi: building it from its Go modules instead");
      const { buildToolchain } = await import("../toolchain/build.ts");
      await buildToolchain({ report: say });
    }
    this.#place = await findPulumi();
    if (this.#place === undefined) throw new Error("Pulumi was brought but is not found");
  }

  /** The folder of the pulumi executable, once there is one. */
  get bin(): string | undefined {
    return this.#place?.bin;
  }
}
