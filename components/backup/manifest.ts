import { z } from "zod";
import { type Problem, refuse, UserError } from "../errors.ts";
import { SwarmFingerprint } from "./fingerprint.ts";

/** The format of backups that this program writes, and the only one it reads. */
export const FORMAT = 1;

/** The file of a backup that says what the backup is. */
export const MANIFEST = "manifest.json";

const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const PLAIN_FILE = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Whether a text is the name of a backup: `<UTC stamp>-<node>`, such as `2026-11-21T10-03-22Z-m2`. Names sort by time. */
export const isBackupName = (text: string): boolean => NAME.test(text) && !text.includes("..");

/** Whether a text names a file of a backup's folder and can name nothing outside it. */
export const isPlainFile = (text: string): boolean => PLAIN_FILE.test(text) && !text.includes("..");

const Text = z.string().min(1, "a text that is not empty");
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256, 64 hexadecimal digits");
const FileName = z.string().refine(isPlainFile, "a plain file name, without slashes or two dots");
const Count = z.int("a whole number").min(0, "0 or more");

const part = {
  file: FileName.refine((file) => file !== MANIFEST, "another name than the manifest's"),
  sha256: Sha256,
  bytes: Count,
  encryption: z.enum(["none", "passphrase", "age"]),
};
const ArchivePart = z.strictObject(part);
const RunningPart = z.strictObject({
  kind: z.enum(["registry", "volume"]),
  name: Text,
  node: Text,
  ...part,
});
const NodeEntry = z.strictObject({ id: Text, name: Text, address: Text });

const Manifest = z
  .strictObject({
    format: z.literal(FORMAT),
    lab: Text,
    clusterId: Text,
    time: z.iso.datetime("a time such as 2026-11-21T10:03:22Z"),
    node: NodeEntry,
    engineVersion: Text,
    managers: z.array(NodeEntry).min(1, "one manager or more"),
    caFingerprint: Sha256,
    autolock: z.boolean(),
    unlockKey: z.strictObject({ hash: Sha256, file: FileName }).nullable(),
    mode: z.enum(["cold", "hot"]),
    raftIndex: Count,
    /**
     * Milliseconds since 1970. What was acknowledged two seconds before `from` is in the backup, what was begun after `to`
     * is not, and what lies between may be: a manager that follows learns a little late that a write is committed.
     */
    cut: z.strictObject({ from: Count, to: Count }),
    fingerprint: SwarmFingerprint,
    swarm: ArchivePart,
    parts: z.array(RunningPart),
  })
  .refine(({ autolock, unlockKey }) => autolock === (unlockKey !== null), {
    path: ["unlockKey"],
    message: "the unlock key's hash when autolock is on, and null when it is off",
  })
  .refine(({ managers, node }) => managers.some(({ id }) => id === node.id), {
    path: ["node", "id"],
    message: "the id of one of `managers`",
  })
  .refine(({ swarm, parts }) => unique([swarm, ...parts].map(({ file }) => file)), {
    path: ["parts"],
    message: "a file of its own for each",
  });

const unique = (texts: readonly string[]) => new Set(texts).size === texts.length;

/** What a backup is of, and what it consists of. It holds no secret: keys and tokens are there as hashes only. */
export type Manifest = z.infer<typeof Manifest>;
/** One archive of a backup: its file, what that must be like, and how it is encrypted. */
export type ArchivePart = z.infer<typeof ArchivePart>;
/** The archive of something that runs on the swarm: a volume of one node. */
export type RunningPart = z.infer<typeof RunningPart>;

/** The value at a path, as JSON on one short line. */
function seen(value: unknown, path: readonly PropertyKey[]): string {
  let inner = value;
  for (const key of path) inner = (inner as Record<PropertyKey, unknown> | undefined)?.[key];
  if (inner === undefined) return "nothing";
  const text = JSON.stringify(inner);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function problemOf(issue: z.core.$ZodIssue, value: unknown, where: string): Problem {
  const at = [where, ...issue.path.map(String)].join(": ");
  if (issue.code === "unrecognized_keys")
    return { where: at, got: issue.keys.join(", "), need: "only keys that format 1 has" };
  const need =
    issue.code === "custom" || issue.code === "too_small" ? issue.message : needOf(issue);
  return { where: at, got: seen(value, issue.path), need };
}

function needOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && !issue.message.startsWith("a "))
    return `${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
  if (issue.code === "invalid_value")
    return issue.values.map((one) => `"${String(one)}"`).join(" or ");
  return issue.message;
}

/**
 * Reads a manifest. `where` names it in messages. Throws one UserError: that it is no JSON, that it is of a format this
 * program does not read, or everything that is wrong with it.
 */
export function parseManifest(text: string, where: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const got = `no JSON (${(error as Error).message})`;
    throw new UserError(
      `${where}: got ${got}, need a backup's manifest; it is damaged, use another backup`,
    );
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (format !== undefined && format !== FORMAT) {
    const got = `format ${JSON.stringify(format)}`;
    throw new UserError(
      `${where}: got ${got}, need format ${FORMAT}, the only one this program reads; use the program that made the backup`,
    );
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success) return parsed.data;
  refuse(
    `${where} is not a whole manifest`,
    parsed.error.issues.map((issue) => problemOf(issue, value, where)),
  );
  throw new Error("unreachable: a failed parse has issues");
}

/** The text of a manifest, as the file has it. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
