import type { NodeHandle } from "../../nodes/types.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";

/** One line of `docker node ls`; `manager` is Leader, Reachable, Unreachable or empty. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly availability: string;
  readonly manager: string;
}

const LIST =
  "docker node ls --format '{{.ID}},{{.Hostname}},{{.Status}},{{.Availability}},{{.ManagerStatus}}'";

/** All nodes as one manager lists them, or why it does not. */
export async function listBy(stage: Stage, via: NodeHandle): Promise<Member[] | string> {
  const { code, stdout, stderr } = await stage.try(via, LIST, { seconds: 8 });
  if (code !== 0) return stderr.trim() || `${via.name} does not answer within 8 s`;
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const [id = "", name = "", status = "", availability = "", manager = ""] = line.split(",");
      return { id, name, status, availability, manager };
    });
}

/** The same of a manager that has to answer. */
export async function members(stage: Stage, via: NodeHandle): Promise<Member[]> {
  const listed = await listBy(stage, via);
  if (typeof listed === "string") throw new Error(`${via.name}: ${listed}`);
  return listed;
}

export const inWords = ({ name, status, manager }: Member): string =>
  [name, status, manager].filter(Boolean).join(" ");

/** Seconds for a leader: see `ELECTION`; waiting longer costs nothing where there is one. */
const LEADER = 180;

/** Waits until any manager tells of a leader. */
export const led = (stage: Stage, deadline = LEADER): Promise<NodeHandle> =>
  stage.until<NodeHandle>("the swarm has a leader", deadline, async () => {
    try {
      return { done: await stage.leader() };
    } catch (error) {
      return { waiting: (error as Error).message };
    }
  });

/**
 * Waits until each of these managers lists the same one of them as the only leader. What one alone says is no proof: a
 * leader that has lost the others goes on listing for up to twenty seconds.
 */
export function elected(
  stage: Stage,
  among: readonly NodeHandle[],
  deadline = LEADER,
): Promise<NodeHandle> {
  const names = among.map(({ name }) => name).join(" and ");
  return stage.until<NodeHandle>(`${names} have a leader`, deadline, async () => {
    const lists = await Promise.all(among.map((via) => listBy(stage, via)));
    const refused = lists.find((list) => typeof list === "string");
    if (refused !== undefined) return { waiting: refused };
    const told = lists.map((list) =>
      (list as Member[])
        .flatMap(({ manager, name }) => (manager === "Leader" ? [name] : []))
        .join(),
    );
    const node = among.find(({ name }) => told.every((one) => one === name));
    return node === undefined ? { waiting: `they say ${told.join(" and ")}` } : { done: node };
  });
}

/** Waits until a manager's list says something of a node, and returns the line. */
export function listed(
  stage: Stage,
  via: NodeHandle,
  name: string,
  said: RegExp,
  deadline = 60,
): Promise<string> {
  return stage.until<string>(`${via.name} lists ${name} as ${said.source}`, deadline, async () => {
    const list = await listBy(stage, via);
    if (typeof list === "string") return { waiting: list };
    const lines = list.filter((one) => one.name === name).map(inWords);
    const line = lines.find((one) => said.test(one));
    return line === undefined ? { waiting: lines.join(", ") || "no such node" } : { done: line };
  });
}

/** Waits until a manager is Ready, and Reachable or the leader. */
export const backAsManager = (stage: Stage, via: NodeHandle, { name }: NodeHandle) =>
  listed(stage, via, name, / Ready (Reachable|Leader)$/, 90);

/** The others of a list of nodes. */
export const except = (nodes: readonly NodeHandle[], ...without: readonly NodeHandle[]) =>
  nodes.filter(({ name }) => !without.some((one) => one.name === name));

/** The longest time without any acknowledged write between two moments, in seconds; all of it where there is none. */
export function waited({ operations }: Evidence, from: number, to: number): number {
  const acks = operations.flatMap(({ result, end }) =>
    result === "ok" && end !== null && end >= from && end <= to ? [end] : [],
  );
  const times = [from, ...acks.sort((a, b) => a - b), to];
  return Math.max(...times.slice(1).map((time, at) => time - (times[at] ?? time))) / 1000;
}

/** Writes that were begun and acknowledged between two moments. */
export const ackedWithin = ({ operations }: Evidence, from: number, to: number): number =>
  operations.filter(
    ({ result, start, end }) => result === "ok" && start > from && end !== null && end < to,
  ).length;

/**
 * How long writes have to wait for an election: ten to nineteen seconds by design, and as long again each time that votes
 * split, or that a manager asks first whose log is the shorter one: it is refused, and all timers begin anew. Chance has no
 * end: five such times in a row were seen, where a quorum was restored from two backups. That would fail here, and say so.
 */
export const ELECTION = { least: 5, most: 60 };

export function checkElection(name: string, seconds: number): Check {
  const { least, most } = ELECTION;
  const expected = `${least} to ${most} s; 10 to 19 by design, and again each time that nobody wins`;
  return checkThat(name, expected, `${seconds.toFixed(1)} s`, seconds >= least && seconds <= most);
}

export function checkAtMost(name: string, most: number, seconds: number): Check {
  return checkThat(name, `at most ${most} s`, `${seconds.toFixed(1)} s`, seconds <= most);
}
