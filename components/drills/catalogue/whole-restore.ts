import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { Manifest } from "../../backup/manifest.ts";
import { checkUntouched } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import { judgeIdentity } from "../identity.ts";
import type { StagedRestore, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";

/** What a drill keeps of a restore after the loss of all managers. */
export interface RestoreFacts {
  readonly manifest: Manifest;
  readonly containersBefore: readonly TaskContainer[];
  /** After the restore, before any task was started anew. */
  readonly containersAfter: readonly TaskContainer[];
  readonly gone: readonly string[];
  readonly restored: StagedRestore;
  readonly after: SwarmFingerprint;
  readonly secretsBefore: Readonly<Record<string, string>>;
  readonly secretsAfter: Readonly<Record<string, string>>;
  /** Raft index of the first object written after the restore. */
  readonly firstIndex: number;
}

/** The checks that every whole restore has to pass; `newNode` as for the identity. */
export function judgeRestore(
  { facts }: Evidence,
  options: { readonly newNode?: boolean } = {},
): Check[] {
  const seen = facts as unknown as RestoreFacts;
  const { restored } = seen;
  const secrets = (hashes: RestoreFacts["secretsBefore"]) =>
    [...new Set(Object.values(hashes))].sort();
  const anew = Object.keys(seen.secretsAfter).filter((one) => !(one in seen.secretsBefore));
  return [
    checkThat(
      "every manager had lost the swarm",
      "inactive",
      seen.gone.join(", "),
      seen.gone.length === seen.manifest.managers.length &&
        seen.gone.every((one) => one.endsWith(" inactive")),
    ),
    ...judgeIdentity(seen.manifest, seen.after, options),
    checkThat(
      "nothing differs from the manifest",
      "no difference",
      restored.differences
        .map(({ what, expected, seen: now }) => `${what}: ${expected} -> ${now}`)
        .join("; ") || "no difference",
      restored.differences.length === 0,
    ),
    checkEqual("workers are Ready under their old ids", [], restored.missingWorkers),
    checkUntouched(
      "tasks on workers were not restarted",
      seen.containersBefore,
      seen.containersAfter,
    ),
    checkThat(
      "tasks that are started anew read the same secrets",
      secrets(seen.secretsBefore).join(" ").slice(0, 40),
      secrets(seen.secretsAfter).join(" ").slice(0, 40),
      anew.length > 0 &&
        anew.length === Object.keys(seen.secretsAfter).length &&
        JSON.stringify(secrets(seen.secretsBefore)) === JSON.stringify(secrets(seen.secretsAfter)),
    ),
    checkThat(
      "the first new write is later than all in the backup",
      `more than ${seen.manifest.raftIndex}`,
      `${seen.firstIndex}`,
      seen.firstIndex > seen.manifest.raftIndex,
    ),
    checkThat(
      "requests cross the overlay between all nodes",
      "a request from every node",
      restored.dataPlane ?? "not asked",
      restored.dataPlane !== undefined,
    ),
  ];
}
