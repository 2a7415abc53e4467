import { checkQuorum, checkUntouched } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import type { TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";

/** What one worker tells by itself. */
export interface Told {
  readonly node: string;
  readonly state: string;
  readonly error: string;
  readonly managers: readonly string[];
  readonly clusterId: string;
  /** Answer to `docker service ls`. */
  readonly refusal: string;
}

interface Facts {
  readonly clusterId: string;
  readonly addresses: readonly string[];
  /** Id, name and image of each service: as a manager told before, and as the workers tell from their containers. */
  readonly services: readonly string[];
  readonly inventory: readonly string[];
  readonly secretsBefore: readonly string[];
  readonly secretsFound: readonly string[];
  readonly told: readonly Told[];
  readonly before: readonly TaskContainer[];
  readonly during: readonly TaskContainer[];
  readonly overlay: string;
  readonly left: string;
  readonly had: number;
  readonly has: number;
}

/** B12: what the workers knew, and what leaving for another swarm cost one of them. */
export function judgeAllManagersLost({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { told } = seen;
  const all = (test: (one: Told) => boolean) => told.length > 0 && told.every(test);
  return [
    checkThat(
      "no worker can be asked for the services",
      "a refusal by each",
      told.map(({ refusal }) => refusal.slice(0, 60)).join("; "),
      all(({ refusal }) => /not a swarm manager/.test(refusal)),
    ),
    checkThat(
      "and none has noticed anything",
      "active, without an error",
      told.map(({ node, state, error }) => `${node} ${state} ${error}`.trim()).join(", "),
      all(({ state, error }) => state === "active" && error === ""),
    ),
    checkUntouched("tasks run on", seen.before, seen.during),
    checkThat(
      "and answer",
      "requests cross between nodes",
      seen.overlay,
      / requests crossed /.test(seen.overlay),
    ),
    checkThat(
      "each knows where the managers were, and which swarm it is",
      `${seen.addresses.join(" ")} of ${seen.clusterId}`,
      told.map(({ managers, clusterId }) => `${managers.join(" ")} of ${clusterId}`).join("; "),
      all(
        ({ managers, clusterId }) =>
          managers.join() === seen.addresses.join() && clusterId === seen.clusterId,
      ),
    ),
    checkEqual(
      "the containers name every service, its id and its image",
      seen.services,
      seen.inventory,
    ),
    checkThat(
      "and secrets in use can be read from them",
      seen.secretsBefore.join(" ").slice(0, 40),
      seen.secretsFound.join(" ").slice(0, 40),
      seen.secretsBefore.length > 0 && seen.secretsBefore.join() === seen.secretsFound.join(),
    ),
    checkThat(
      "who leaves for a new swarm loses what runs",
      "0 containers of 1 or more",
      `${seen.has} of ${seen.had}`,
      seen.had > 0 && seen.has === 0,
    ),
    checkQuorum(facts),
  ];
}
