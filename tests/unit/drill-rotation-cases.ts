import type { Kind } from "../../components/drills/catalogue/rotation-world.ts";
import type { Change } from "./drill-judge-support.ts";
import { fewAsk, oneFails } from "./drill-load-changes.ts";

/** Ways in which the rotation of a secret or a config goes wrong, and the check that says so. */
export function rotationCases(kind: Kind): (readonly [string, Change, string])[] {
  const rollback = "a rollback is accepted then, and its tasks cannot start";
  const inUse = `a ${kind} in use is not removed`;
  return [
    [
      "both values are the same",
      (facts) => {
        facts.values[1] = facts.values[0];
      },
      "two values that differ",
    ],
    [
      "a task read something else before",
      (facts) => {
        facts.before.hashes[0] = facts.values[1];
      },
      "every task reads the first one",
    ],
    [
      "what is in use was removed",
      (facts) => {
        facts.inUse = { code: 0, said: "" };
      },
      inUse,
    ],
    [
      "it was not removed for another reason",
      (facts) => {
        facts.inUse.said = "no leader";
      },
      inUse,
    ],
    [
      "it was changed under its name",
      (facts) => {
        facts.sameName = { code: 0, said: "" };
      },
      `a ${kind} is not changed under its name`,
    ],
    [
      "a new one was read before anyone said so",
      (facts) => {
        facts.untold.hashes[1] = facts.values[1];
      },
      "a new one that no service names changes nothing",
    ],
    [
      "the update stopped half done",
      (facts) => {
        facts.updated.update = "paused";
      },
      "the update is completed",
    ],
    [
      "nobody updated the service",
      (facts) => {
        facts.after = facts.before;
      },
      "every task reads the second one at the same path",
    ],
    [
      "a task is missing",
      (facts) => {
        facts.after.hashes.pop();
      },
      "every task reads the second one at the same path",
    ],
    [
      "the old one cannot be removed",
      (facts) => {
        facts.removed = 1;
      },
      "the old one can be removed now",
    ],
    [
      "a rollback was refused",
      (facts) => {
        facts.rollback.code = 1;
      },
      rollback,
    ],
    [
      "a rollback worked",
      (facts) => {
        facts.rollback.service.update = "rollback_completed";
      },
      rollback,
    ],
    [
      "its tasks failed of something else",
      (facts) => {
        facts.rollback.error = "no suitable node";
      },
      rollback,
    ],
    [
      "the rollback was left as it was",
      (facts) => {
        facts.end.hashes[0] = facts.values[0];
      },
      "told once more, every task reads the second one",
    ],
    ["a request failed", oneFails("-web"), "no request failed meanwhile"],
    ["there were too few requests", fewAsk("-web"), "no request failed meanwhile"],
  ];
}
