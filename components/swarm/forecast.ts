import { UserError } from "../errors.ts";
import type { PlannedNode } from "../nodes/types.ts";
import { type WhatIf, whatIf } from "./quorum.ts";

type Seat = Pick<PlannedNode, "name" | "role" | "zone">;

/** What a loss would do to a lab, and what to do then. */
export interface Forecast extends WhatIf {
  /** Names of the nodes that would be gone, with those that are gone already. */
  readonly lost: readonly string[];
  /** A sentence each: the API, the services, the way back. */
  readonly api: string;
  readonly services: string;
  readonly advice: string;
}

const list = (names: readonly string[]) => names.join(", ");

/**
 * The nodes meant by "m2,zone:a": names, and zones with all their nodes. A word that names neither is a UserError that lists
 * what there is.
 */
export function lostNodes(nodes: readonly Seat[], words: string): string[] {
  const zones = [...new Set(nodes.map(({ zone }) => zone))];
  const meant = words.split(",").map((word) => word.trim());
  const named = meant.flatMap((word) => {
    const zone = word.startsWith("zone:") ? word.slice(5) : undefined;
    const found = nodes.filter((node) =>
      zone === undefined ? node.name === word : node.zone === zone,
    );
    if (found.length > 0) return found.map(({ name }) => name);
    throw new UserError(
      `--what-if: got ${JSON.stringify(word)}, need names out of ${list(nodes.map(({ name }) => name))} ` +
        `or zones out of ${list(zones.map((one) => `zone:${one}`))}, with commas between them`,
    );
  });
  return [...new Set(named)];
}

function services(holds: boolean, workers: readonly Seat[], gone: readonly Seat[]): string {
  if (workers.length === 0)
    return "no worker is left: no task runs, unless managers take tasks as well";
  const left = `tasks on ${list(workers.map(({ name }) => name))} keep running`;
  if (!holds)
    return `${left}, but nothing is started again that ends: not a task that fails, not those of a worker that restarts`;
  if (gone.length === 0) return `${left}, and nobody notices`;
  return `${left}; those of ${list(gone.map(({ name }) => name))} are started there once it counts as Down (up to 17 s, up to 33 s after an election), and do not come back by themselves`;
}

/**
 * What the loss of some nodes would do, with those that are lost already: to the API by Raft's arithmetic, to the services
 * by who is left to start tasks and to run them. Throws as `lostNodes` does.
 */
export function forecast(
  nodes: readonly Seat[],
  lostAlready: readonly string[],
  words: string,
): Forecast {
  const lost = [...new Set([...lostAlready, ...lostNodes(nodes, words)])];
  const result = whatIf(nodes, lost);
  const { managers, left, quorum, holds, spare } = result;
  const stays = nodes.filter(({ name }) => !lost.includes(name));
  const goes = nodes.filter(({ name }) => lost.includes(name));
  const lostManagers = goes.filter(({ role }) => role === "manager");
  const workers = (some: readonly Seat[]) => some.filter(({ role }) => role === "worker");
  const count = `${left} of ${managers} managers left, quorum ${quorum}`;
  const survivor = stays.find(({ role }) => role === "manager");
  const back = quorum - left;
  const start = `start ${back} of ${list(lostManagers.map(({ name }) => name))} again (\`npm run up\` does)`;
  const force =
    survivor === undefined
      ? "only a backup brings the swarm back (`npm run restore -- BACKUP`)"
      : `where they are gone for good, and cannot return: \`docker swarm init --force-new-cluster\` on ${survivor.name}, then remove the old entries and join managers anew`;
  const api = holds
    ? `writes go on${lostManagers.length > 0 ? ", after an election of 10 to 20 s if the leader is among them" : ""}: ${count}, survives ${spare} more`
    : `no leader: writes are refused at once, and reads soon after: ${count}`;
  const nothing =
    lostManagers.length === 0
      ? "nothing for the quorum"
      : `bring ${list(lostManagers.map(({ name }) => name))} back, or remove and replace it, before the next one fails`;
  return {
    ...result,
    ...{ lost, api, services: services(holds, workers(stays), workers(goes)) },
    advice: holds ? nothing : `${start}; ${force}`,
  };
}
