import { checkQuorum, checkUntouched } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import type { TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import type { KeyFile } from "./key-files.ts";
import { ending, type Said } from "./said.ts";

/** Seconds that one manager alone is watched while it is being unlocked. */
export const ALONE = 10;

interface Facts {
  readonly clusterId: string;
  readonly clusterIdAfter: string;
  readonly autolockAfter: boolean;
  readonly keyFiles: readonly KeyFile[];
  readonly workerKeyFiles: readonly KeyFile[];
  readonly restarted: {
    readonly state: string;
    readonly list: Said;
    readonly wrongKey: Said;
    readonly rightKey: Said;
  };
  /** After all managers lost their power at once. */
  readonly states: readonly string[];
  readonly api: Said;
  readonly workers: readonly string[];
  /** Whether unlocking one manager was still waiting after ALONE seconds. */
  readonly waited: boolean;
  readonly unlocked: readonly Said[];
  readonly unlockSeconds: number;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersAfter: readonly TaskContainer[];
}

const LOCKED = /encrypted and needs to be unlocked/;

/** Managers lock and workers do not, only the right key opens, nothing opens without a quorum, and no task is restarted. */
export function judgeAutolock({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { restarted, keyFiles, workerKeyFiles, states, unlocked } = seen;
  const words = (files: readonly KeyFile[]) =>
    files.map(({ sealed }) => (sealed ? "sealed" : "open")).join(", ") || "none";
  return [
    checkThat(
      "autolock seals the key files of the managers",
      "sealed, each",
      words(keyFiles),
      keyFiles.length > 0 && keyFiles.every(({ sealed }) => sealed),
    ),
    checkThat(
      "and of no worker",
      "open, each",
      words(workerKeyFiles),
      workerKeyFiles.length > 0 && workerKeyFiles.every(({ sealed }) => !sealed),
    ),
    checkThat(
      "a manager that is restarted is locked and says so",
      "locked: Swarm is encrypted and needs to be unlocked",
      `${restarted.state}: ${ending(restarted.list)}`,
      restarted.state === "locked" && restarted.list.code !== 0 && LOCKED.test(restarted.list.text),
    ),
    checkThat(
      "a wrong key does not open it",
      "invalid key",
      ending(restarted.wrongKey),
      restarted.wrongKey.code !== 0 && /invalid key/.test(restarted.wrongKey.text),
    ),
    checkThat(
      "the right one does",
      "code 0",
      ending(restarted.rightKey),
      restarted.rightKey.code === 0,
    ),
    checkThat(
      "after the power cut every manager is locked",
      `${keyFiles.length} locked, and no API`,
      `${states.join(", ")}; ${ending(seen.api)}`,
      states.length === keyFiles.length &&
        states.every((state) => state === "locked") &&
        seen.api.code !== 0,
    ),
    checkThat(
      "workers are not",
      "active, each",
      seen.workers.join(", "),
      seen.workers.length > 0 && seen.workers.every((state) => state === "active"),
    ),
    checkThat(
      "unlocking one manager alone waits for a quorum",
      `no end in ${ALONE} s`,
      seen.waited ? "no end" : "it ended",
      seen.waited,
    ),
    checkThat(
      "unlocking all of them opens all",
      `${keyFiles.length} with code 0`,
      `${unlocked.map(ending).join("; ")}, ${seen.unlockSeconds.toFixed(1)} s`,
      unlocked.length === keyFiles.length && unlocked.every(({ code }) => code === 0),
    ),
    checkQuorum(facts),
    checkEqual("the cluster is the same", seen.clusterId, seen.clusterIdAfter),
    checkEqual("autolock is still on", true, seen.autolockAfter),
    checkUntouched("no task was restarted", seen.containersBefore, seen.containersAfter, {
      exactly: true,
    }),
  ];
}
