import { compareFingerprints } from "../../backup/difference.ts";
import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import { checkQuorum, checkUntouched } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import type { TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { ackedWithin, checkAtMost } from "./members.ts";

interface Facts {
  readonly survivor: string;
  readonly lost: readonly string[];
  readonly fenced: readonly boolean[];
  readonly refusal: string;
  readonly before: SwarmFingerprint;
  readonly after: SwarmFingerprint;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersAfter: readonly TaskContainer[];
  /** What the lone manager lists of the lost ones, their role, and its answer to the demotion of one. */
  readonly ghosts: readonly string[];
  readonly roles: readonly string[];
  readonly demotion: string;
  readonly missing: readonly string[];
  readonly removed: readonly string[];
  /** All nodes of the lab, and what was asked between them. */
  readonly nodes: readonly string[];
  readonly overlay: string;
}

/** B6 and B9: nothing was written meanwhile, it is the same swarm, and requests cross between all of its nodes. */
export function judgeQuorumForce(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, force = 0, forced = 0, workers = 0, healed = 0 } = evidence.marks;
  const acked = ackedWithin(evidence, fault, force);
  const differences = compareFingerprints(seen.before, seen.after, {
    rejoined: seen.lost,
    rewritten: true,
  });
  return [
    checkThat(
      "nothing is written without a quorum",
      "0 acknowledged",
      `${acked} in ${((force - fault) / 1000).toFixed(0)} s: ${seen.refusal.slice(0, 100)}`,
      force > fault && acked === 0 && seen.refusal !== "",
    ),
    checkThat(
      "the lost ones cannot come back: they are off",
      `${seen.lost.length} machines off`,
      `${seen.fenced.filter(Boolean).length}`,
      seen.fenced.length === seen.lost.length && seen.fenced.every(Boolean),
    ),
    checkAtMost("the new cluster is made", 80, (forced - force) / 1000),
    checkThat(
      "workers are Ready under their old ids",
      "0 missing",
      `${seen.missing.length} missing after ${((workers - forced) / 1000).toFixed(1)} s`,
      seen.missing.length === 0 && workers > forced,
    ),
    checkUntouched(
      "tasks on workers were not restarted",
      seen.containersBefore,
      seen.containersAfter,
    ),
    checkThat(
      "the lost ones are managers by role and by nothing else",
      `${seen.lost.length} with the role manager and no manager status`,
      `${seen.ghosts.join(", ")}; ${seen.roles.join(", ")}`,
      seen.ghosts.length === seen.lost.length &&
        seen.ghosts.every((one) => one.split(" ").length === 2) &&
        seen.roles.length === seen.lost.length &&
        seen.roles.every((one) => one === "manager"),
    ),
    checkThat(
      "they cannot be demoted",
      "can't find manager in raft memberlist",
      seen.demotion.slice(0, 160),
      /can't find manager/.test(seen.demotion),
    ),
    checkEqual("they are removed all the same", [...seen.lost].sort(), [...seen.removed].sort()),
    checkThat(
      "it is the same swarm, with the same keys, nodes and objects",
      "no difference",
      differences
        .map(({ what, expected, seen: now }) => `${what}: ${expected} -> ${now}`)
        .join("; ") || "no difference",
      differences.length === 0,
    ),
    checkThat(
      "requests cross the overlay between all nodes, managers too",
      `a request from each of ${seen.nodes.join(", ")}`,
      `${seen.overlay} (${((healed - forced) / 1000).toFixed(0)} s after the new cluster)`,
      / requests crossed /.test(seen.overlay) &&
        seen.nodes.every((name) => new RegExp(`\\b${name}\\b`).test(seen.overlay)),
    ),
    checkQuorum(evidence.facts),
  ];
}
