/** Names on AWS that have to fit and to be nobody else's: what a person reads in front, what tells them apart behind. */
import { createHash } from "node:crypto";

/** What AWS takes as the name of a load balancer or a target group, each of which is one of its kind in a region. */
export const LONGEST_BALANCER_NAME = 32;
/** What S3 takes as the name of a bucket, which is the only one of all accounts. */
export const LONGEST_BUCKET_NAME = 63;

/** Figures and letters of the hash: two labs of an account would have to be some millions of names for it to repeat. */
const HASH = 10;

/**
 * A name of lower-case letters, digits and single hyphens, at most `longest` characters, beginning with a letter. `words`
 * are cut where they do not fit. What `seed` has tells names apart: the same seed, the same name, and another seed,
 * another name, however much of the words was cut.
 */
export function derivedName(longest: number, words: readonly string[], seed: readonly string[]) {
  // As JSON, so that where one text of the seed ends and the next begins counts too.
  const hash = createHash("sha256").update(JSON.stringify(seed)).digest("hex").slice(0, HASH);
  const read = ["lab", ...words]
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, longest - HASH - 1)
    .replace(/-+$/, "");
  return `${read}-${hash}`;
}

/** The name of the bucket of a registry's images, of a lab in a region of an account. */
export const registryBucketName = (lab: string, region: string, account: string): string =>
  derivedName(LONGEST_BUCKET_NAME, [lab, "registry"], [lab, region, account]);

/** The name of the load balancer of a lab in a region. */
export const balancerName = (lab: string, region: string): string =>
  derivedName(LONGEST_BALANCER_NAME, [lab], [lab, region]);
