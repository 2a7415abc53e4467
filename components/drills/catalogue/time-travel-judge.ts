import { check } from "../checker.ts";
import { checkQuorum } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { LATE, OLD, type Services } from "./time-travel-world.ts";
import type { RestoreFacts } from "./whole-restore.ts";

/** A node as the swarm lists it: id and status, or nothing. */
type Entry = string;

interface Facts extends RestoreFacts {
  readonly worker: string;
  readonly oldId: string;
  readonly newId: string;
  /** Services of the drill, by name, and how many containers each has on the workers that the swarm knows. */
  readonly lostWorld: Services;
  readonly restoredWorld: Services;
  /** Status by node id in the swarm's list. */
  readonly entries: Readonly<Record<string, Entry>>;
  readonly entriesAfter: Readonly<Record<string, Entry>>;
  readonly opinion: string;
  readonly strays: number;
  readonly straysAfter: number;
  readonly finalId: string;
  readonly labelsBefore: Readonly<Record<string, string>>;
  readonly labelsAfter: Readonly<Record<string, string>>;
  readonly overlay: string;
}

/** What came after the backup has to be gone, what went has to be back, and both have to be counted. */
export function judgeTimeTravel(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { operations, reads, fault, cut } = evidence;
  const { undone, undoneSeconds } = check({ operations, reads, fault, cut, minimum: 0 });
  const { lostWorld, restoredWorld, oldId, newId, finalId } = seen;
  const status = (list: Facts["entries"], id: string) => list[id] ?? "not in the list";
  const { fingerprint } = seen.manifest;
  const services = (list: typeof fingerprint) =>
    list.services.map(({ name, id }) => `${name} ${id}`);
  return [
    checkThat(
      "before the loss the late service ran, and the old one was gone",
      `only ${LATE}, with its secret`,
      `${lostWorld.listed.join(", ")}; secrets ${lostWorld.secrets.join(", ")}; ${JSON.stringify(lostWorld.containers)}`,
      lostWorld.listed.join() === LATE &&
        lostWorld.secrets.join() === LATE &&
        (lostWorld.containers[LATE] ?? 0) > 0,
    ),
    checkThat(
      "every manager had lost the swarm",
      "inactive",
      seen.gone.join(", "),
      seen.gone.length > 0 && seen.gone.every((one) => one.endsWith(" inactive")),
    ),
    checkEqual("the cluster is the same", fingerprint.clusterId, seen.after.clusterId),
    checkThat(
      "the late service and its secret are gone",
      "neither",
      [...restoredWorld.listed, ...restoredWorld.secrets].filter((one) => one === LATE).join() ||
        "neither",
      !restoredWorld.listed.includes(LATE) && !restoredWorld.secrets.includes(LATE),
    ),
    checkEqual(
      "its containers were stopped on the worker that stayed",
      0,
      restoredWorld.containers[LATE],
    ),
    checkThat(
      "the old service is resurrected, and runs",
      "listed, 1 container or more",
      `${restoredWorld.listed.join(", ")}: ${restoredWorld.containers[OLD]}`,
      restoredWorld.listed.includes(OLD) && (restoredWorld.containers[OLD] ?? 0) > 0,
    ),
    checkEqual(
      "the lab's own services are the backup's",
      services(fingerprint),
      services(seen.after),
    ),
    checkThat(
      `${seen.worker} is unknown under its new id`,
      "not in the list",
      status(seen.entries, newId),
      newId !== "" && newId !== oldId && seen.entries[newId] === undefined,
    ),
    checkEqual("its old id is a ghost", "Down", status(seen.entries, oldId)),
    checkEqual("the restore says who is missing", [seen.worker], seen.restored.missingWorkers),
    checkThat(
      "its own engine notices nothing",
      `active ${newId}, the late service still runs there`,
      `${seen.opinion}, ${seen.strays} containers`,
      seen.opinion === `active ${newId}` && seen.strays > 0,
    ),
    checkThat(
      "after it left and joined again it is Ready, without the stray tasks",
      "a third id, Ready, 0 containers",
      `${finalId} ${status(seen.entriesAfter, finalId)}, ${seen.straysAfter} containers`,
      status(seen.entriesAfter, finalId) === "Ready" &&
        ![oldId, newId].includes(finalId) &&
        seen.straysAfter === 0,
    ),
    checkThat(
      "the ghost is removed",
      "not in the list",
      status(seen.entriesAfter, oldId),
      seen.entriesAfter[oldId] === undefined &&
        Object.keys(seen.entriesAfter).length === fingerprint.nodes.length,
    ),
    checkEqual("its labels are back", seen.labelsBefore, seen.labelsAfter),
    checkQuorum(evidence.facts),
    checkThat(
      "requests cross the overlay between all nodes",
      "a request from every node",
      seen.overlay,
      /none was lost/.test(seen.overlay),
    ),
    checkThat(
      "what was written after the backup is undone, and counted",
      "1 write or more, over 1 s or more",
      `${undone} writes, ${undoneSeconds.toFixed(1)} s`,
      undone > 0 && undoneSeconds >= 1,
    ),
  ];
}
