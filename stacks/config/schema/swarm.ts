import { z } from "zod";
import { bucketName } from "./bucket-name.ts";
import { choice, flag, matching, name, portChoice, section, whole } from "./leaves.ts";
import { duration } from "./quantities.ts";

export const ports = section({
  api: portChoice().default("auto").describe("Loopback port of the engine API (mutual TLS only)"),
  registry: portChoice().default("auto").describe("Loopback port of the registry"),
}).prefault({});

export const swarm = section({
  autolock: flag()
    .default(false)
    .describe(
      "Whether a manager's store stays locked after a restart until the unlock key is given",
    ),
  certExpiry: duration("1h")
    .prefault("2160h")
    .describe("How long node certificates are valid; they are renewed after 50 to 80 % of it"),
  taskHistory: whole(0, 100).default(5).describe("Ended tasks kept per slot"),
  dispatcherHeartbeat: duration("1s")
    .prefault("5s")
    .describe("How often nodes report; one silent for three times as long is Down"),
  snapshotInterval: whole(1, 1_000_000).default(10_000).describe("Raft log entries per snapshot"),
}).prefault({});

const passwordNeed = "a password of 8 to 72 bytes";

export const registry = section({
  enabled: flag().default(true).describe("Whether the swarm runs a registry of its own"),
  username: matching(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "a user name of letters, digits, dots, hyphens and underscores, at most 64 characters",
    "user name",
  )
    .default("lab")
    .describe("User of the registry"),
  // Docker's registry checks passwords with bcrypt, which reads no more than 72 bytes.
  password: z
    .string(passwordNeed)
    .refine((given) => isWithin(given, 8, 72), passwordNeed)
    .optional()
    .describe("Its password, best given with `pulumi config set --secret`; left out: generated"),
  volume: name()
    .default("registry")
    .describe("Volume, on the registry's node, that holds the images"),
  storage: choice(["volume", "s3"])
    .default("volume")
    .describe("Where the images are; s3: a bucket that goes with the lab, with provider aws alone"),
  bucket: bucketName
    .optional()
    .describe("Name of that bucket; left out: one made of the lab's name and a hash"),
  replicas: whole(1, 5)
    .default(1)
    .describe("Tasks of the registry, each on a node of its own; more than one with s3 alone"),
}).prefault({});

function isWithin(given: string, min: number, max: number): boolean {
  const length = Buffer.byteLength(given);
  return length >= min && length <= max;
}
