/** Judges what an archive would put on a disk, from its listing alone: before anything is unpacked. */
import type { Problem } from "../errors.ts";

export type EntryType =
  | "file"
  | "directory"
  | "symlink"
  | "hard link"
  | "character device"
  | "block device"
  | "fifo"
  /** What readers of tar do not share: GNU tar's old format for sparse files is one. */
  | "other";

/** One entry of an archive's listing. `size` is what it takes unpacked. */
export interface ArchiveEntry {
  readonly path: string;
  readonly type: EntryType;
  readonly linkTarget?: string;
  readonly size: number;
}

/**
 * What the engine needs to come back as the manager it was: its addresses, its peers, its identity, the root CA, the
 * tasks it runs. The log is asked for apart, as its file's name is a number. `snap-v3-encrypted` may be empty.
 */
const REQUIRED = [
  "swarm/docker-state.json",
  "swarm/state.json",
  "swarm/certificates/swarm-node.crt",
  "swarm/certificates/swarm-node.key",
  "swarm/certificates/swarm-root-ca.crt",
  "swarm/worker/tasks.db",
];
const LOG = /^swarm\/raft\/wal-v3-encrypted\/[^/]+\.wal$/;

const leaves = (path: string) => path.startsWith("/") || path.split("/").includes("..");

const shown = (path: string) =>
  JSON.stringify(path.length > 120 ? `${path.slice(0, 117)}...` : path);

function pathProblem(path: string, where: string): Problem | undefined {
  const plain = path.replace(/\/$/, "");
  const odd = plain.split("/").some((segment) => ["", ".", ".."].includes(segment));
  if (!leaves(path) && !odd && (plain === "swarm" || plain.startsWith("swarm/"))) return undefined;
  const need = "plain paths under swarm/, the only directory a restore writes";
  return { where, got: `the path ${shown(path)}`, need, fix: "unpack nothing of it" };
}

function kindProblem({ path, type, linkTarget }: ArchiveEntry, where: string): Problem | undefined {
  if (type === "file" || type === "directory") return undefined;
  const need = "files and directories only";
  if (type === "other") {
    const got = `${shown(path)}, an entry of a type that only some tars read`;
    return { where, got, need, fix: "make the archive with `tar --format=posix`" };
  }
  const target = linkTarget === undefined ? "" : ` to ${shown(linkTarget)}`;
  return { where, got: `${shown(path)}, a ${type}${target}`, need, fix: "unpack nothing of it" };
}

/**
 * Judges the listing of a swarm archive and returns every problem: paths outside `swarm/`, anything but files and
 * directories (Swarm's directory has no links), a path that is there twice, and what is missing.
 */
export function judgeSwarmArchive(entries: readonly ArchiveEntry[], where: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    const outside = pathProblem(entry.path, where);
    if (outside) problems.push(outside);
    const kind = kindProblem(entry, where);
    if (kind) problems.push(kind);
    const path = entry.path.replace(/\/$/, "");
    if (seen.has(path))
      problems.push({ where, got: `${shown(path)} twice`, need: "each path once" });
    seen.set(path, entry);
  }
  const whole = (entry: ArchiveEntry | undefined) => entry?.type === "file" && entry.size > 0;
  for (const path of REQUIRED) {
    if (whole(seen.get(path))) continue;
    const got = seen.has(path) ? `${path} without content` : `no ${path}`;
    problems.push({ where, got, need: "it: without it the manager cannot come back" });
  }
  if (![...seen].some(([path, entry]) => LOG.test(path) && whole(entry))) {
    const need = "the Raft log: all objects of the swarm are in it";
    problems.push({ where, got: "no swarm/raft/wal-v3-encrypted/*.wal", need });
  }
  return problems;
}

/**
 * Judges one entry of the archive of a volume, which may hold whatever an application keeps, links too. Only what would
 * be written outside the volume is a problem, so a big volume can be judged as it streams by.
 */
export function judgeVolumeEntry(entry: ArchiveEntry, where: string): Problem | undefined {
  const target = entry.type === "hard link" ? (entry.linkTarget ?? "") : "";
  if (!leaves(entry.path) && !leaves(target)) return undefined;
  const got = `the path ${shown(leaves(entry.path) ? entry.path : target)}`;
  return { where, got, need: "paths inside the volume", fix: "unpack nothing of it" };
}
