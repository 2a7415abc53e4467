import { createServer } from "node:net";
import type { Problem } from "../../errors.ts";
import { portCandidates } from "../plan.ts";
import { settleSubnet } from "./subnet.ts";
import type { Survey } from "./survey.ts";

export interface LocalWish {
  readonly lab: string;
  /** IPv4 CIDR, or "auto". */
  readonly subnet: string;
  /** CIDRs that the lab uses inside the swarm; the nodes' own network must stay away from them. */
  readonly avoid: readonly string[];
  /** Loopback ports by purpose, with the setting that asks for each. */
  readonly ports: Readonly<
    Record<string, { readonly port: number | "auto"; readonly where: string }>
  >;
}

export interface Settled {
  readonly subnet: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
}

/** A version without which features that the lab builds on are missing (cgroup namespaces, IPv6-less DNS names). */
const OLDEST_ENGINE = 20;
const LEAST_FREE = 2 * 2 ** 30;

/** Problems of the machine itself, whatever the configuration asks for. */
export function machineProblems(seen: Survey, lab: string): Problem[] {
  const problems: Problem[] = [];
  if (Number.parseInt(seen.engineVersion, 10) < OLDEST_ENGINE) {
    problems.push({
      where: "engine",
      got: `version ${seen.engineVersion}`,
      need: "20.10 or newer",
      fix: "update Docker",
    });
  }
  if (seen.freeBytes !== undefined && seen.freeBytes < LEAST_FREE) {
    problems.push({
      where: "disk",
      got: `${Math.floor(seen.freeBytes / 2 ** 20)} MiB free where the engine keeps its data`,
      need: "at least 2048 MiB",
      fix: "free some, for instance by removing images you no longer use",
    });
  }
  for (const { name } of seen.containers.filter((container) => container.lab !== lab)) {
    problems.push({
      where: `container ${name}`,
      got: "a container that this lab did not make",
      need: "the name for a node",
      fix: "rename or remove it, or use another stack name",
    });
  }
  return problems;
}

/** Whether a loopback port can be listened on now. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** The first candidate that is neither chosen already nor listened on; undefined when there is none. */
async function freePort(lab: string, purpose: string, chosen: ReadonlySet<number | "auto">) {
  for (const candidate of portCandidates(lab, purpose)) {
    if (!chosen.has(candidate) && (await portIsFree(candidate))) return candidate;
  }
  return undefined;
}

/** Settles all that the configuration leaves to the machine, and says what stands in the way. */
export async function settle(seen: Survey, wish: LocalWish): Promise<Settled> {
  const { subnet, problem } = settleSubnet(seen, wish);
  const problems = [...machineProblems(seen, wish.lab), ...(problem ? [problem] : [])];
  const ports: Record<string, number> = {};
  const chosen = new Set<number | "auto">(Object.values(wish.ports).map(({ port }) => port));
  for (const [purpose, { port, where }] of Object.entries(wish.ports)) {
    const own = seen.ownPorts[purpose];
    if (port !== "auto") {
      ports[purpose] = port;
      if (port === own || Object.values(seen.ownPorts).includes(port) || (await portIsFree(port)))
        continue;
      problems.push({
        where,
        got: `${port}, which something on this machine listens on`,
        need: "a free loopback port",
        fix: "stop that program, choose another port, or set it to auto",
      });
    } else if (own !== undefined && !chosen.has(own)) {
      ports[purpose] = own;
      chosen.add(own);
    } else {
      const free = await freePort(wish.lab, purpose, chosen);
      if (free !== undefined) {
        ports[purpose] = free;
        chosen.add(free);
      } else {
        const got = "auto, and no port from 20000 to 29999 is free";
        problems.push({ where, got, need: "a free loopback port", fix: "name one" });
      }
    }
  }
  return { subnet, ports, problems };
}
