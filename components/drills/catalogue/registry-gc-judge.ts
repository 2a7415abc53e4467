import type { Evidence } from "../evidence.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import type { Catalog, Pull } from "./registry-access.ts";
import { ending, type Said } from "./said.ts";

/** KiB of the image that becomes garbage. */
export const SIZE = 4096;

interface Facts {
  readonly before: Catalog;
  readonly after: Catalog;
  readonly images: readonly string[];
  readonly pulledBefore: Pull;
  /** Collected while it runs: what the collector said, then a push of the same image, then a pull of it. */
  readonly collected: Said;
  readonly pushed: Said;
  readonly pulledAfter: Pull;
  /** The same push and pull after a restart. */
  readonly pulledRestarted: Pull;
  /** What a collection would take, said beforehand. */
  readonly dryRun: Said;
  /** KiB on the volume: before the image came, with it, and after a collection of a registry that was off. */
  readonly size: { readonly before: number; readonly with: number; readonly after: number };
  readonly pulls: readonly Pull[];
}

const whole = ({ code, pulled, there }: Pull) => code === 0 && pulled > 0 && there === 0;

/** Collected while it runs it takes a push of what it no longer has; collected while it is off it keeps every image. */
export function judgeRegistryGc({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { size, images, pulls } = seen;
  const tried = pulls.map(({ reference }) => reference);
  return [
    checkThat(
      "the image was there",
      "pulled by digest",
      seen.pulledBefore.said,
      whole(seen.pulledBefore),
    ),
    checkThat(
      "a dry run says what would go",
      "blobs eligible for deletion",
      ending(seen.dryRun),
      seen.dryRun.code === 0 &&
        /, [1-9]\d* blobs [^,]*eligible for deletion/.test(seen.dryRun.text),
    ),
    checkThat(
      "collected while the registry runs: a push of the same image is well received",
      "code 0, with a digest",
      `${ending(seen.collected)}; ${ending(seen.pushed)}`,
      seen.collected.code === 0 && seen.pushed.code === 0 && /sha256:/.test(seen.pushed.text),
    ),
    checkThat(
      "and the image is not there",
      "unknown",
      seen.pulledAfter.said,
      seen.pulledAfter.code !== 0 && /unknown|not found/.test(seen.pulledAfter.said),
    ),
    checkThat(
      "after a restart the same push brings it back",
      "pulled by digest, over the network",
      seen.pulledRestarted.said,
      whole(seen.pulledRestarted),
    ),
    checkThat(
      "collected while the registry is off: the space is free again",
      `${size.with} KiB less ${SIZE / 2} or more, and ${size.before} was before`,
      `${size.after} KiB`,
      size.with - size.before >= SIZE / 2 && size.with - size.after >= SIZE / 2,
    ),
    checkEqual("repositories and tags are what they were", seen.before, seen.after),
    checkEqual("every image that a service uses was asked for", images, tried),
    checkThat(
      "each comes by its digest",
      `${images.length} pulled`,
      pulls.map(({ said }) => said).join("; ") || "none",
      images.length > 0 && pulls.every(whole),
    ),
  ];
}
