import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import { checkQuorum } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { ackedWithin, waited } from "./members.ts";

type Wanted = SwarmFingerprint["nodes"][number];

interface Facts {
  /** Managers as they are listed after one has left, and has joined nothing. */
  readonly gone: readonly string[];
  /** Managers as they are listed after either order, and whose loss was tried then. */
  readonly wrong: readonly string[];
  readonly first: string;
  readonly wrongLost: string;
  readonly refusal: string;
  readonly right: readonly string[];
  readonly rightLost: string;
  readonly replaced: string;
  readonly before: Wanted;
  readonly after: readonly Wanted[];
}

/** Joined first the new machine is a fourth beside a dead one; after the removal it is a third, and one may be lost. */
export function judgeManagerReplacement(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { lost = 0, refused = 0, tried = 0, written = 0 } = evidence.marks;
  const acked = ackedWithin(evidence, lost, refused);
  const went = ackedWithin(evidence, tried, written);
  const pause = waited(evidence, tried, written);
  const own = seen.after.filter(({ hostname }) => hostname === seen.replaced);
  const plain = ({ role, availability, labels }: Wanted) => ({ role, availability, labels });
  const whole = (lines: readonly string[]) =>
    lines.filter((line) => / Ready (Leader|Reachable)$/.test(line)).length;
  return [
    checkThat(
      "a manager that leaves is counted on",
      "3 managers, 1 of them Unreachable",
      seen.gone.join(", "),
      seen.gone.length === 3 && whole(seen.gone) === 2,
    ),
    // The list may call both Reachable for a while: the new one answers at the dead one's address.
    checkThat(
      "who joins first is one more, beside a dead one",
      `4 managers, two of them ${seen.first}`,
      seen.wrong.join(", "),
      seen.wrong.length === 4 &&
        seen.wrong.filter((line) => line.startsWith(`${seen.first} `)).length === 2,
    ),
    checkThat(
      "and then no other may be lost",
      `0 writes acknowledged without ${seen.wrongLost}`,
      `${acked} in ${((refused - lost) / 1000).toFixed(0)} s: ${seen.refusal.slice(0, 100)}`,
      refused - lost >= 3000 && acked === 0 && seen.refusal !== "",
    ),
    checkThat(
      "who is removed first leaves three who are three",
      "3 managers, all well",
      seen.right.join(", "),
      seen.right.length === 3 && whole(seen.right) === 3,
    ),
    checkThat(
      "of whom one may be lost",
      `20 writes or more without ${seen.rightLost}, and no pause of more than 5 s`,
      `${went}, ${pause.toFixed(1)} s`,
      went >= 20 && pause <= 5,
    ),
    checkThat(
      "the new member has another id, and nobody is listed twice",
      `one ${seen.replaced}, not ${seen.before.id}`,
      own.map(({ id }) => id).join(", ") || "none",
      own.length === 1 &&
        own[0]?.id !== seen.before.id &&
        new Set(seen.after.map(({ hostname }) => hostname)).size === seen.after.length,
    ),
    checkEqual(
      "it has the old one's role, availability and labels",
      plain(seen.before),
      own[0] && plain(own[0]),
    ),
    checkQuorum(evidence.facts),
  ];
}
