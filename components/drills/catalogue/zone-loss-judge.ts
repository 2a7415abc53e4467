import { checkQuorum } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import { type Check, checkThat } from "../verdict.ts";
import { ackedWithin, waited } from "./members.ts";

interface Facts {
  readonly zone: string;
  readonly lost: readonly string[];
  readonly left: readonly string[];
  /** The application's tasks, by the node they run on. */
  readonly before: readonly string[];
  readonly moved: readonly string[];
  readonly after: readonly string[];
  readonly worker: string;
  /** What the arithmetic says of either loss. */
  readonly spread: string;
  readonly pair: string;
  readonly second: string;
  readonly refusal: string;
}

/** One manager lost of three is survived and two are not; the application is whole meanwhile, and nothing moves back. */
export function judgeZoneLoss(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, moved = 0, pair = 0, refused = 0 } = evidence.marks;
  const survived = ackedWithin(evidence, fault, moved);
  const [gap, acked] = [waited(evidence, fault, moved), ackedWithin(evidence, pair, refused)];
  return [
    checkThat(
      "managers that are one to a zone survive the loss of a zone",
      "20 writes or more, after 60 s at most",
      `${survived}, after ${gap.toFixed(1)} s (${seen.spread})`,
      survived >= 20 && gap <= 60,
    ),
    checkThat(
      "the application is whole in the zones that are left",
      `${seen.before.length} tasks, none on ${seen.worker}`,
      seen.moved.join(", "),
      seen.before.includes(seen.worker) &&
        seen.moved.length === seen.before.length &&
        !seen.moved.includes(seen.worker),
    ),
    checkThat(
      "two managers in the zone that is lost are too many",
      "0 writes acknowledged with one of three",
      `${acked} in ${((refused - pair) / 1000).toFixed(0)} s (${seen.pair})`,
      pair > 0 && refused - pair >= 3000 && acked === 0,
    ),
    checkThat(
      "the swarm says so",
      "it does not have a leader",
      seen.refusal.slice(0, 160),
      /does not have a leader|lost leader status|deadline/i.test(seen.refusal),
    ),
    checkThat(
      "nothing moves back when the zone does",
      `${seen.moved.length} tasks, none on ${seen.worker}`,
      seen.after.join(", "),
      seen.after.length === seen.moved.length && !seen.after.includes(seen.worker),
    ),
    checkQuorum(evidence.facts),
  ];
}
