import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest } from "../load.ts";
import type { ServiceSeen } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { type Kind, REPLICAS, type Refusal, type Seen } from "./rotation-world.ts";

interface Facts {
  readonly name: string;
  /** SHA-256 of both values. */
  readonly values: readonly [string, string];
  readonly inUse: Refusal;
  readonly sameName: Refusal;
  readonly before: Seen;
  /** After the second object was made, before the service was told of it. */
  readonly untold: Seen;
  readonly after: Seen;
  readonly updated: ServiceSeen;
  readonly removed: number;
  /** A rollback after the old one was removed: what the command said, what its tasks said, and where it ended. */
  readonly rollback: Refusal & { readonly error: string; readonly service: ServiceSeen };
  readonly end: Seen;
  /** Whether the object itself shows its data. */
  readonly shown: boolean;
  readonly load: readonly LoadRequest[];
}

/** What holds for both kinds. */
export function judgeRotation(kind: Kind, { facts, fault }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const [first, second] = seen.values;
  const all = (hash: string) => Array.from({ length: REPLICAS }, () => hash);
  const refusal = (what: string, { code, said }: Refusal, why: RegExp) =>
    checkThat(
      what,
      `refused: ${why.source}`,
      `code ${code}: ${said}`,
      code !== 0 && why.test(said),
    );
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  return [
    checkThat(
      "two values that differ",
      "two",
      `${first}, ${second}`,
      /^[0-9a-f]{64}$/.test(first) && first !== second,
    ),
    checkEqual("every task reads the first one", all(first), seen.before.hashes),
    refusal(`a ${kind} in use is not removed`, seen.inUse, /is in use by the following service/),
    refusal(
      `a ${kind} is not changed under its name`,
      seen.sameName,
      /already exists|conflicts with an existing object/,
    ),
    checkEqual("a new one that no service names changes nothing", all(first), seen.untold.hashes),
    checkEqual("the update is completed", "completed", seen.updated.update),
    checkEqual("every task reads the second one at the same path", all(second), seen.after.hashes),
    checkEqual("the old one can be removed now", 0, seen.removed),
    checkThat(
      "a rollback is accepted then, and its tasks cannot start",
      `code 0, rollback_paused: ${kind} ... not found`,
      `code ${seen.rollback.code}, ${seen.rollback.service.update}: ${seen.rollback.error}`,
      seen.rollback.code === 0 &&
        seen.rollback.service.update === "rollback_paused" &&
        new RegExp(`${kind} \\S+ not found`).test(seen.rollback.error),
    ),
    checkEqual("told once more, every task reads the second one", all(second), seen.end.hashes),
    checkNoneFailed("no request failed meanwhile", asked(seen.load, seen.name, window)),
  ];
}

/** What only secrets promise. */
export function judgeSecrecy({ facts }: Evidence): Check[] {
  const { before, after, shown } = facts as unknown as Facts;
  const told = [...before.told, ...after.told];
  const places = [...before.filesystems, ...after.filesystems];
  return [
    checkEqual("its data is not shown by the swarm", false, shown),
    checkThat(
      "its value is in nothing that the engines tell of the containers",
      "0, of every task",
      told.join(", "),
      told.length === 2 * REPLICAS && told.every((count) => count === 0),
    ),
    checkThat(
      "the tasks have it in memory only",
      "tmpfs, in every task",
      places.join(", "),
      places.length === 2 * REPLICAS && places.every((type) => type === "tmpfs"),
    ),
  ];
}

/** What a config does not promise. */
export const judgeOpenness = ({ facts }: Evidence): Check[] => [
  checkEqual(
    "anyone who may ask the swarm reads its data",
    true,
    (facts as unknown as Facts).shown,
  ),
];
