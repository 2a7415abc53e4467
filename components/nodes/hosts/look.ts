import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { Problem } from "../../errors.ts";
import { capture } from "../../process.ts";
import { shellOn } from "../shell.ts";
import type { HostConnection, KernelFeatures, PlannedNode } from "../types.ts";
import { type Claim, isOurs } from "./claim.ts";
import { contactProblem } from "./contact.ts";
import { factsScript, parseFacts } from "./facts.ts";
import {
  type HostRules,
  hostProblems,
  type SeenHost,
  sharedKernel,
  togetherProblems,
} from "./judge.ts";
import { tryWays } from "./try-ways.ts";

/** A host as the configuration gives it. */
export interface GivenHost extends Pick<PlannedNode, "name" | "role" | "zone" | "address"> {
  readonly ssh: string;
  readonly port: number;
  readonly user: string;
  readonly key: string;
  readonly hostKey: string;
}

export interface HostLook extends HostRules {
  readonly hosts: readonly GivenHost[];
  readonly dataPathPort: number;
  /** Whether the lab opens firewalls that are on. */
  readonly opens: boolean;
  /** The project's folder, which key files are relative to. */
  readonly root: string;
  /** Name of the host on which the registry will be; absent: there is none. */
  readonly registry: string | undefined;
  /** What is on record of the kernels; absent: nothing was decided yet. */
  readonly kernel: KernelFeatures | undefined;
}

type Connections = Readonly<Record<string, HostConnection>>;

/** What was seen of the hosts, and everything that is wrong with them. */
export interface HostsSeen {
  readonly seen: readonly SeenHost[];
  readonly problems: readonly Problem[];
  /** What all of their kernels can do. */
  readonly kernel: KernelFeatures;
  /** How each host is reached, by name. */
  readonly connections: Connections;
  /** Hosts that do not answer and are known to the swarm: the lab goes on without them. */
  readonly silent: readonly string[];
  /** What a person should know although nothing is refused for it. */
  readonly warnings: readonly string[];
}

/** How a host is reached. A path that begins with ~/ is in the home folder of whoever runs the lab. */
export function connectionTo(host: GivenHost, root: string): HostConnection {
  const { ssh, port, user, key, hostKey } = host;
  const home = key.startsWith("~/") ? join(homedir(), key.slice(2)) : key;
  const identity = isAbsolute(home) ? home : resolve(root, home);
  return { kind: "ssh", host: ssh, port, user, identity, hostKey };
}

const MILLISECONDS = 60_000;

/** Why a host did not tell of itself. */
interface Unanswered extends Problem {
  readonly name: string;
}

async function ask(
  host: GivenHost,
  at: number,
  { root, registry }: HostLook,
): Promise<SeenHost | Unanswered> {
  const where = `swarm-lab:hosts[${at}]`;
  const { name, role, address } = host;
  const { command, args } = shellOn(connectionTo(host, root), factsScript(address));
  const asked = Date.now() / 1000;
  const said = await capture(command, args, { timeout: MILLISECONDS });
  const answered = Date.now() / 1000;
  const problem = contactProblem({ where, ...host }, said);
  if (problem !== undefined) return { name, ...problem };
  const facts = parseFacts(said.stdout, asked, answered);
  return { where, name, role, address, registry: name === registry, facts };
}

/** Names that a manager of this lab's swarm lists: members whose silence is no reason to do nothing. */
async function membersOf(
  seen: readonly SeenHost[],
  claim: Claim,
  connections: Connections,
): Promise<string[]> {
  for (const { name, facts } of seen) {
    const connection = connections[name];
    if (!isOurs(facts.claim, claim) || facts.swarm.clusterId === "" || connection === undefined)
      continue;
    const list = "timeout 8 docker node ls --format '{{.Hostname}}'";
    const { command, args } = shellOn(connection, list);
    const { code, stdout } = await capture(command, args, { timeout: 20_000 });
    if (code === 0) return stdout.split("\n").filter(Boolean);
  }
  return [];
}

/** What a person is told of a member that does not answer. */
const silentWarning = ({ name, where, got }: Unanswered) =>
  `${where}: got ${got}: the lab goes on without ${name}, and takes what its kernel can from the last \`up\`; bring it back, or remove it from the list`;

/**
 * Asks all hosts at once, and changes nothing. A host that does not answer is a problem, unless it is a member of the lab's
 * swarm and was there when the lab was last up. The ways between them are tried once each of them is fine by itself.
 */
export async function lookAtHosts(request: HostLook): Promise<HostsSeen> {
  const { hosts, root, claim, kernel: recorded } = request;
  const connections = Object.fromEntries(
    hosts.map((host) => [host.name, connectionTo(host, root)]),
  );
  const answers = await Promise.all(hosts.map((host, at) => ask(host, at, request)));
  const seen = answers.filter((answer) => "facts" in answer);
  const unanswered = answers.filter((answer) => "got" in answer);
  // A wrong key or user is a mistake, whoever knows the host.
  const deaf = unanswered.filter(({ where }) => where.includes(".ssh "));
  const excusable = deaf.length > 0 && recorded !== undefined;
  const members = excusable ? await membersOf(seen, claim, connections) : [];
  const away = deaf.filter(({ name }) => members.includes(name));
  const problems = [
    ...unanswered.filter((one) => !away.includes(one)).map(({ name: _, ...problem }) => problem),
    ...seen.flatMap((host) => hostProblems(host, request)),
    ...togetherProblems(seen),
  ];
  const kernel = sharedKernel(seen, away.length > 0 ? recorded : undefined);
  const silent = away.map(({ name }) => name);
  const ways =
    problems.length > 0
      ? { problems, untried: [] }
      : await tryWays(seen, { connections, ...request });
  return {
    ...{ seen, connections, kernel, silent, problems: ways.problems },
    warnings: [...away.map(silentWarning), ...ways.untried],
  };
}
