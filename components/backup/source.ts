import { describeProblem } from "../errors.ts";
import { majority } from "../swarm/quorum.ts";

/** A manager as the swarm's list has it. */
export interface ManagerEntry {
  readonly id: string;
  readonly name: string;
  /** Where its peers dial it, without the port. */
  readonly address: string;
  readonly leader: boolean;
  readonly reachable: boolean;
  readonly ready: boolean;
  readonly engineVersion: string;
}

export interface SwarmState {
  readonly managers: readonly ManagerEntry[];
  readonly rotatingCa: boolean;
}

export interface SourceOptions {
  /** The engine goes on running, so that nobody is missing meanwhile. */
  readonly hot: boolean;
  /** The user accepts that a swarm of one manager stands still meanwhile. */
  readonly acceptOutage: boolean;
  /** The user's own choice of manager. */
  readonly node?: string;
}

const no = (got: string, need: string, fix?: string): { problem: string } => ({
  problem: describeProblem({ where: "backup", got, need, fix }),
});

/**
 * Chooses the manager to back up: one that is Reachable and not the leader, whose stop costs no election and leaves a
 * quorum. Any manager holds the whole state. The problem says why none can be taken.
 */
export function chooseSource(
  { managers, rotatingCa }: SwarmState,
  { hot, acceptOutage, node }: SourceOptions,
): { readonly manager: ManagerEntry } | { readonly problem: string } {
  if (rotatingCa)
    return no(
      "a CA rotation in progress",
      "one root CA",
      "wait until `docker swarm ca --rotate` is through",
    );
  const well = managers.filter(({ reachable, ready }) => reachable && ready);
  const quorum = majority(managers.length);
  const chosen = node === undefined ? undefined : managers.find(({ name }) => name === node);
  if (node !== undefined && chosen === undefined)
    return no(node, `a manager: ${managers.map(({ name }) => name).join(", ")}`);
  if (chosen !== undefined && !well.includes(chosen))
    return no(`${chosen.name}, which cannot be reached`, "a manager that is Ready and Reachable");
  const candidates = chosen
    ? [chosen]
    : [...well].sort((a, b) => Number(a.leader) - Number(b.leader));
  const [manager] = candidates;
  if (manager === undefined)
    return no("no manager that can be reached", "one that is Ready and Reachable");
  // A leader goes on answering reads for some ten seconds after it lost its quorum.
  if (well.length < quorum) {
    return no(
      `${well.length} of ${managers.length} managers that can be reached`,
      `${quorum}, the quorum: a crashed cluster cannot be backed up`,
      "`npm run up` starts what is stopped, `npm run restore` brings back an earlier backup",
    );
  }
  if (hot) return { manager };
  if (managers.length === 1) {
    if (acceptOutage) return { manager };
    return no(
      "a swarm of one manager, which stands still while its engine is stopped",
      "your consent",
      "add --accept-outage, or --hot for a copy that may not restore",
    );
  }
  if (managers.length - 1 < quorum) {
    return no(
      `a swarm of ${managers.length} managers, which has no quorum while one is stopped`,
      "3 or more",
      "add a manager, or add --hot for a copy that may not restore",
    );
  }
  if (well.length - 1 < quorum) {
    return no(
      `${well.length} of ${managers.length} managers that can be reached`,
      `${quorum + 1}: the quorum is ${quorum}, and one is stopped meanwhile`,
      "bring back the managers that are missing first (`npm run up`), or add --hot for a copy that may not restore",
    );
  }
  return { manager };
}
