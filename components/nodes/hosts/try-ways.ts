import type { Problem } from "../../errors.ts";
import { type Captured, capture } from "../../process.ts";
import { shellOn } from "../shell.ts";
import type { SshConnection } from "../types.ts";
import { rulesFor } from "./firewall.ts";
import { type SeenHost, takenPorts } from "./judge.ts";
import { LISTENS, listenScript, sendScript, type Target, wayProblems } from "./ways.ts";

export interface WaysRequest {
  readonly connections: Readonly<Record<string, SshConnection>>;
  readonly dataPathPort: number;
  /** Whether a firewall that is on will be opened by the lab: then its host cannot be judged yet. */
  readonly opens: boolean;
}

/** What was found of the ways between hosts. */
export interface WaysTried {
  readonly problems: readonly Problem[];
  /** What could not be tried, and why: a sentence each. */
  readonly untried: readonly string[];
}

/** What a host heard of the others, and which connections to them it made. */
interface Trial {
  readonly host: SeenHost;
  readonly target: Target;
  readonly heard: Captured;
  readonly made: readonly string[];
}

/** Hosts on which nothing of the swarm's listens, so that a listener of ours can. */
export const isFresh = (host: SeenHost): boolean =>
  host.facts.swarm.state === "inactive" && takenPorts(host).length === 0;

/** A member's engine holds its ports: of those that are connected to, only the ones on which something listens now count. */
function targetOf(host: SeenHost, dataPathPort: number): Target {
  const { where, name, address, facts } = host;
  const held = !isFresh(host);
  const rules = rulesFor(host, dataPathPort).filter(
    ({ protocol, port }) =>
      !held || protocol !== "tcp" || facts.listening.includes(`${protocol}/${port}`),
  );
  return { where, name, address, held, rules };
}

/** Whom a host is tried with: the ways between members are the swarm's own to prove. */
const othersOf = (to: Target, all: readonly Target[]) =>
  all.filter((other) => other !== to && !(other.held && to.held));

const behindFirewall = ({ facts }: SeenHost, { opens }: WaysRequest) =>
  opens && facts.firewalls.length > 0;

function untriedTo({ host, target }: Trial, request: WaysRequest): string[] {
  const { name, facts } = host;
  if (behindFirewall(host, request))
    return [
      `${name}: the ways to it were not tried: ${facts.firewalls.join(" and ")} is on there, and the lab opens it later`,
    ];
  return rulesFor(host, request.dataPathPort)
    .filter((rule) => !target.rules.some(({ why }) => why === rule.why))
    .map(({ port }) => `${name}: tcp port ${port} was not tried: nothing listens there now`);
}

function problemsOf({ host, target, heard }: Trial, trials: readonly Trial[]): Problem[] {
  const [taken] = /\S+(?=: Address already in use)/.exec(heard.stderr) ?? [];
  if (taken !== undefined)
    return [
      {
        where: `${host.where} (${host.name})`,
        got: `${taken} taken while it was tried`,
        need: "an engine that has started, or none",
        fix: "run it again when it has",
      },
    ];
  if (heard.code !== 0) {
    const got = `a listener that ended with code ${heard.code}: ${heard.stderr.trim()}`;
    return [{ where: `${host.where} (${host.name})`, got, need: "perl, which every Debian has" }];
  }
  const reached = trials.flatMap(({ host: from, made }) =>
    made
      .filter((line) => line.endsWith(` ${host.address}`))
      .map((line) => line.replace(/ .*/, ` ${from.address}`)),
  );
  const all = trials.map((trial) => trial.target);
  return wayProblems(target, [...linesOf(heard), ...reached], othersOf(target, all));
}

const linesOf = ({ stdout }: Captured) => stdout.split("\n").filter(Boolean);

/**
 * Tries the swarm's ports and IP protocol 50, all ways at once, between the hosts that are in no swarm yet, and between those
 * and the members that there are: what is missing shows later only as an overlay that carries nothing. Takes a quarter of a
 * minute where there is a way to try.
 */
export async function tryWays(seen: readonly SeenHost[], request: WaysRequest): Promise<WaysTried> {
  const hosts = seen.filter((host) => isFresh(host) || host.facts.swarm.state === "active");
  if (!hosts.some(isFresh) || hosts.length < 2) return { problems: [], untried: [] };
  const run = (host: SeenHost, script: string) => {
    const connection = request.connections[host.name];
    if (connection === undefined) throw new Error(`nobody knows the way to ${host.name}`);
    const { command, args } = shellOn(connection, script);
    return capture(command, args, { timeout: (LISTENS + 30) * 1000 });
  };
  const pairs = hosts.map((host) => ({ host, target: targetOf(host, request.dataPathPort) }));
  const all = pairs.map(({ target }) => target);
  const trials = await Promise.all(
    pairs.map(async ({ host, target }): Promise<Trial> => {
      const [heard, sent] = await Promise.all([
        run(host, listenScript(target)),
        run(host, sendScript(othersOf(target, all))),
      ]);
      return { host, target, heard, made: linesOf(sent) };
    }),
  );
  return {
    problems: trials.flatMap((trial) =>
      behindFirewall(trial.host, request) ? [] : problemsOf(trial, trials),
    ),
    untried: trials.flatMap((trial) => untriedTo(trial, request)),
  };
}
