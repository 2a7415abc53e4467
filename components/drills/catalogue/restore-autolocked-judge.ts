import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { Evidence } from "../evidence.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { NEVER } from "./autolock-ways.ts";
import { ending, type Said } from "./said.ts";
import { judgeRestore } from "./whole-restore.ts";

/** A restart of one manager, and what opened it again. Keys are told by their hashes. */
export interface Restarted {
  readonly state: string;
  readonly oldKey: Said;
  readonly newKey: Said;
  readonly sealed: boolean;
}

export interface AutolockFacts {
  readonly documented: {
    readonly started: string;
    readonly forcedLocked: Said;
    readonly unlocked: Said;
    readonly forced: Said;
    readonly stopSeconds: number;
    readonly exitCode: number;
  };
  readonly keys: { readonly backup: string; readonly restored: string };
  readonly restarted: Restarted;
  readonly together: {
    readonly nodes: readonly string[];
    readonly states: readonly string[];
    readonly unlocked: readonly Said[];
    readonly seconds: number;
    readonly before: Pick<SwarmFingerprint, "clusterId" | "settings">;
    readonly after: Pick<SwarmFingerprint, "clusterId" | "settings">;
  };
}

/** Shows the documented way to fail, and two others to work. */
export function judgeAutolocked(evidence: Evidence): Check[] {
  const { documented, keys, restarted, together } = evidence.facts as unknown as AutolockFacts;
  return [
    checkEqual("the restored manager starts locked", "locked", documented.started),
    checkThat(
      "a new cluster cannot be forced while it is locked",
      "refused",
      ending(documented.forcedLocked),
      documented.forcedLocked.code === 1 && documented.forcedLocked.text !== "",
    ),
    checkThat(
      "the documented way: unlocking never ends",
      `no answer in ${NEVER} s`,
      ending(documented.unlocked),
      documented.unlocked.code === 124,
    ),
    checkThat(
      "the documented way: forcing a new cluster does not work then either",
      "no answer, or a refusal",
      ending(documented.forced),
      documented.forced.code !== 0,
    ),
    checkThat(
      "its engine does not stop any more",
      "killed, code 137",
      `code ${documented.exitCode} after ${documented.stopSeconds.toFixed(1)} s`,
      documented.exitCode === 137,
    ),
    ...judgeRestore(evidence),
    checkThat(
      "autolock has a new unlock key",
      `another than ${keys.backup.slice(0, 12)}`,
      keys.restored.slice(0, 12),
      keys.restored !== keys.backup,
    ),
    checkEqual("a restarted manager is locked", "locked", restarted.state),
    checkThat(
      "the old key does not open it",
      "invalid key provided",
      ending(restarted.oldKey),
      restarted.oldKey.code !== 0 && /invalid key/.test(restarted.oldKey.text),
    ),
    checkEqual("the new key opens it", 0, restarted.newKey.code),
    checkThat(
      "its key file is sealed",
      "BEGIN ENCRYPTED PRIVATE KEY",
      restarted.sealed ? "BEGIN ENCRYPTED PRIVATE KEY" : "another",
      restarted.sealed,
    ),
    checkThat(
      "a quorum from its own backups opens when it is unlocked at once",
      `${together.nodes.length} managers, code 0`,
      together.unlocked.map(ending).join("; "),
      together.nodes.length > 1 &&
        together.states.every((state) => state === "locked") &&
        together.unlocked.length === together.nodes.length &&
        together.unlocked.every(({ code }) => code === 0),
    ),
    checkEqual("which is the same cluster", together.before.clusterId, together.after.clusterId),
    checkEqual(
      "and has autolock without being told",
      { autolock: true },
      { autolock: together.after.settings.autolock },
    ),
  ];
}
