import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { Manifest } from "../../backup/manifest.ts";
import { checkQuorum, checkUntouched } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import type { StagedRestore, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import type { NodeCertificate } from "./certificates.ts";

type Node = SwarmFingerprint["nodes"][number];

/** What a worker says of itself, and its engine's last word about the manager. */
export interface Opinion {
  readonly info: string;
  readonly log: string;
}

interface Facts {
  readonly manifest: Manifest;
  readonly rotatedCa: string;
  readonly gone: readonly string[];
  readonly restored: StagedRestore;
  readonly restoredCa: string;
  /** By worker: `ID STATUS` in the swarm's list, after the restore and at the end. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
  readonly entriesAfter: Readonly<Record<string, readonly string[]>>;
  readonly opinions: Readonly<Record<string, Opinion>>;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersCut: readonly TaskContainer[];
  readonly nodesAfter: readonly Node[];
  readonly certificates: readonly NodeCertificate[];
}

/** What an engine's log says of a manager whose root CA it does not trust. */
export const UNKNOWN_CA = /certificate signed by unknown authority/;

/** The old root CA is back, no worker trusts it until it has joined again, and where that is to be read. */
export function judgeRestoreBeforeCaRotation({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { managers, fingerprint } = seen.manifest;
  const known = fingerprint.nodes.filter(({ role }) => role === "worker");
  const names = known.map(({ hostname }) => hostname);
  const listed = (entries: Facts["entries"]) =>
    names.map((name) => `${name} ${entries[name]?.join(" and ") ?? "in no list"}`).join(", ");
  const told = names.map((name) => seen.opinions[name]);
  const bare = (nodes: readonly Node[]) =>
    nodes
      .filter(({ role }) => role === "worker")
      .map(({ hostname, availability, labels }) => ({ hostname, availability, labels }));
  const short = (hash: string) => hash.slice(0, 12);
  return [
    checkThat(
      "the root CA was rotated after the backup",
      `another than ${short(fingerprint.caFingerprint)}`,
      short(seen.rotatedCa),
      seen.rotatedCa !== "" && seen.rotatedCa !== fingerprint.caFingerprint,
    ),
    checkThat(
      "every manager had lost the swarm",
      "inactive",
      seen.gone.join(", "),
      seen.gone.length === managers.length && seen.gone.every((one) => one.endsWith(" inactive")),
    ),
    checkEqual("the backup brings its root CA back", fingerprint.caFingerprint, seen.restoredCa),
    checkEqual("no worker comes back to it", names, [...seen.restored.missingWorkers].sort()),
    checkThat(
      "which the manager's list shows",
      "Down or Unknown, each",
      listed(seen.entries),
      names.length > 0 &&
        names.every((name) => {
          const entries = seen.entries[name] ?? [];
          return entries.length === 1 && / (Down|Unknown)$/.test(entries[0] ?? "");
        }),
    ),
    checkThat(
      "and the worker itself does not",
      "active, without an error",
      told.map((one) => one?.info ?? "not asked").join(", "),
      told.length > 0 && told.every((one) => one?.info.trim() === "active"),
    ),
    checkThat(
      "only the log of its engine says why",
      "certificate signed by unknown authority",
      told.map((one) => one?.log ?? "not asked").join("; "),
      told.length > 0 && told.every((one) => UNKNOWN_CA.test(one?.log ?? "")),
    ),
    checkUntouched("its tasks run on", seen.containersBefore, seen.containersCut, {
      exactly: true,
    }),
    checkThat(
      "having left and joined, each is there as another node",
      "Ready, one entry each, no id as before",
      listed(seen.entriesAfter),
      known.every(({ hostname, id }) => {
        const [entry = "", ...more] = seen.entriesAfter[hostname] ?? [];
        return more.length === 0 && / Ready$/.test(entry) && !entry.startsWith(`${id} `);
      }),
    ),
    checkEqual(
      "with the labels and availability it had",
      bare(fingerprint.nodes),
      bare(seen.nodesAfter),
    ),
    checkThat(
      "every certificate comes from the root CA that its node trusts",
      `${fingerprint.nodes.length} verified`,
      seen.certificates
        .map(({ node, verified }) => `${node} ${verified ? "" : "not "}verified`)
        .join(", "),
      seen.certificates.length === fingerprint.nodes.length &&
        seen.certificates.every(({ verified }) => verified),
    ),
    checkQuorum(facts),
  ];
}
