import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { UserError } from "../../errors.ts";
import { LABEL_LAB } from "../../labels.ts";
import { capture } from "../../process.ts";
import { NO_DOCKER } from "./engine.ts";

/** Label of the gateway's container that says which loopback port serves what, so that "auto" stays what it was. */
export const LABEL_PORTS = "swarm-lab.ports";

export interface EngineNetwork {
  readonly name: string;
  readonly subnets: readonly string[];
  readonly lab?: string;
}

/** What is on the machine before anything is made. */
export interface Survey {
  readonly engineVersion: string;
  readonly networks: readonly EngineNetwork[];
  /** CIDRs of the machine's own interfaces, where the engine runs on this machine. */
  readonly interfaces: readonly string[];
  /** Containers whose names the lab would take, and whose they are. */
  readonly containers: readonly { readonly name: string; readonly lab?: string }[];
  /** Ports of this lab's gateway, by purpose, when it exists. */
  readonly ownPorts: Readonly<Record<string, number>>;
  /** Bytes free where the engine keeps its data; absent where that is not on this machine. */
  readonly freeBytes?: number;
}

/** A docker command's output. What went missing while it was asked about, by `gone`, is no error. */
async function ask<T>(
  engine: string,
  args: readonly string[],
  read: (text: string) => T,
  gone = /(?!)/,
): Promise<T> {
  const { code, stdout, stderr } = await capture("docker", ["--host", engine, ...args], {
    timeout: 20_000,
  });
  if (code === 127) throw new UserError(NO_DOCKER);
  const errors = lines(stderr).filter((line) => !gone.test(line));
  if (code !== 0 && (errors.length > 0 || stderr === "")) {
    throw new UserError(
      `engine: got no answer from ${engine} (${errors.join(" ")}), need a running Docker engine; start it, or name another one in DOCKER_HOST`,
    );
  }
  return read(stdout);
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** "api=20001,app.8080=20002" as a table; what is unreadable is left out. */
export function parsePorts(label: string): Record<string, number> {
  const pairs = label.split(",").map((pair) => /^([^=]+)=(\d{1,5})$/.exec(pair));
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const [, purpose = "", port] = pair ?? [];
      return Number(port) > 0 && Number(port) < 65_536 ? [[purpose, Number(port)]] : [];
    }),
  );
}

export const formatPorts = (ports: Readonly<Record<string, number>>) =>
  Object.entries(ports)
    .map(([purpose, port]) => `${purpose}=${port}`)
    .sort()
    .join(",");

async function networksOf(engine: string): Promise<EngineNetwork[]> {
  const ids = await ask(engine, ["network", "ls", "--quiet"], lines);
  const format = `{{.Name}}\t{{index .Labels "${LABEL_LAB}"}}\t{{range .IPAM.Config}}{{.Subnet}} {{end}}`;
  const inspect = ["network", "inspect", "--format", format, ...ids];
  const text = await ask(engine, inspect, lines, /no such network|network \S+ not found/i);
  return text.map((line) => {
    const [name = "", lab = "", subnets = ""] = line.split("\t");
    return { name, lab: lab || undefined, subnets: subnets.split(" ").filter(Boolean) };
  });
}

async function containersOf(engine: string, lab: string) {
  const format = `{{.Names}}\t{{.Label "${LABEL_LAB}"}}\t{{.Label "${LABEL_PORTS}"}}`;
  // The whole name: another lab's may begin with this one's.
  const filter = `name=^/?swarm-lab-${lab}-(gateway|[mw][0-9]+)$`;
  const args = ["container", "ls", "--all", "--filter", filter, "--format", format];
  return (await ask(engine, args, lines)).map((line) => {
    const [name = "", owner = "", ports = ""] = line.split("\t");
    return { name, lab: owner || undefined, ports };
  });
}

/** Looks at the engine and the machine. Changes nothing; takes about a tenth of a second. */
export async function survey(engine: string, lab: string): Promise<Survey> {
  const [[engineVersion = "", root = ""], networks, containers] = await Promise.all([
    ask(engine, ["info", "--format", "{{.ServerVersion}}\t{{.DockerRootDir}}"], (text) =>
      text.trim().split("\t"),
    ),
    networksOf(engine),
    containersOf(engine, lab),
  ]);
  const here = engine.startsWith("unix:");
  const disk = here && existsSync(root) ? await statfs(root) : undefined;
  const addresses = here ? Object.values(networkInterfaces()).flatMap((list) => list ?? []) : [];
  const own = containers.find((one) => one.lab === lab && one.ports !== "");
  return {
    engineVersion,
    networks,
    interfaces: addresses.flatMap(({ family, cidr }) => (family === "IPv4" && cidr ? [cidr] : [])),
    containers,
    ownPorts: parsePorts(own?.ports ?? ""),
    freeBytes: disk && disk.bavail * disk.bsize,
  };
}
