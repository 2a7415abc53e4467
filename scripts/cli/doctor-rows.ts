import type { Problem } from "../../components/errors.ts";
import type { KernelFeatures } from "../../components/nodes/types.ts";
import { LEAST_PER_NODE, type MachineFacts } from "./doctor-facts.ts";

/** One thing that was looked at. `lack`: the lab can live without it; `problem`: it cannot. */
export interface Row {
  readonly name: string;
  readonly verdict: "ok" | "lack" | "problem";
  readonly found: string;
  /** What the lack disables or what to do about the problem. */
  readonly means?: string;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;
/** Bytes that images, volumes and logs of a lab need where the engine keeps its data. */
export const LEAST_DISK = 5 * GIB;

const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;

/** A problem, or what a lab can live with, as a row. */
export const problemRow = (
  { where, got, need, fix }: Problem,
  verdict: Row["verdict"] = "problem",
): Row => ({ name: where, verdict, found: got, means: `need ${need}${fix ? `; ${fix}` : ""}` });

export const row = (
  name: string,
  good: boolean,
  found: string,
  lack: Row["verdict"],
  means: string,
): Row => (good ? { name, verdict: "ok", found } : { name, verdict: lack, found, means });

/** What each kernel feature is for; a lab without overlay networks is none. */
export function kernelRows(kernel: KernelFeatures): Row[] {
  const found = (has: boolean) => (has ? "there" : "missing");
  const encrypts = kernel.esp && kernel.xtMatch;
  const missing = [kernel.esp ? "" : "ESP", kernel.xtMatch ? "" : "xt_bpf"].filter(Boolean);
  return [
    row(
      "kernel: VXLAN",
      kernel.vxlan,
      found(kernel.vxlan),
      "problem",
      "no overlay networks, so no lab",
    ),
    row(
      "kernel: IPsec",
      encrypts,
      encrypts ? "there" : `no ${missing.join(" and no ")}`,
      "lack",
      "overlay traffic is not encrypted",
    ),
    row(
      "kernel: IPVS",
      kernel.ipvs,
      found(kernel.ipvs),
      "lack",
      "no service VIPs and no ingress mesh: DNS round robin and host-mode ports instead",
    ),
    row(
      "kernel: netem",
      kernel.netem,
      found(kernel.netem),
      "lack",
      "no drills with delayed or lost packets",
    ),
    row(
      "kernel: NFS",
      kernel.nfs,
      found(kernel.nfs),
      "lack",
      "no volumes that nodes share: what needs one says so",
    ),
  ];
}

function machineRows(facts: MachineFacts): Row[] {
  const { engine, nodes } = facts;
  const least = LEAST_PER_NODE * nodes;
  const rows: Row[] = [
    row("docker client", true, facts.client, "problem", ""),
    row("docker engine", true, `${engine.version} at ${facts.host}`, "problem", ""),
    row(
      "kernel",
      engine.os === "linux",
      `${engine.kernel} (${engine.os})`,
      "problem",
      "nodes are Linux containers",
    ),
    row("cgroups", true, `version ${engine.cgroup}`, "problem", ""),
    row(
      "storage driver",
      engine.storage !== "vfs",
      engine.storage,
      "lack",
      "every layer is a full copy: slow, and much disk",
    ),
    row(
      "memory",
      engine.memory >= least,
      `${gib(engine.memory)} for ${nodes} nodes`,
      "problem",
      `need ${Math.round(least / MIB)} MiB: fewer nodes (managers, workers), or more memory for Docker`,
    ),
    row(
      "CPUs",
      engine.cpus >= 2,
      String(engine.cpus),
      "lack",
      "everything takes longer than it should",
    ),
  ];
  if (facts.freeDisk !== undefined) {
    const good = facts.freeDisk >= LEAST_DISK;
    const means = `need ${gib(LEAST_DISK)}: remove images and volumes you no longer use`;
    rows.push(row("disk", good, `${gib(facts.freeDisk)} free in ${engine.root}`, "problem", means));
  }
  return rows;
}

function toolRows(facts: MachineFacts): Row[] {
  const { pulumi, plugins } = facts;
  const later = "`npm run up` brings it";
  return [
    row("Node.js", true, facts.node, "problem", ""),
    row("Pulumi", pulumi !== undefined, pulumi ?? "not there yet", "lack", later),
    ...plugins.map(({ name, there }) =>
      row(`plugin ${name}`, there, there ? "there" : "not there yet", "lack", later),
    ),
  ];
}

/** What the kernel can that nodes on this machine, or on hosts, have. */
function featureRows({ kernel, elsewhere }: MachineFacts): Row[] {
  if (kernel !== undefined) return kernelRows(kernel);
  if (elsewhere !== undefined) return [];
  const means = "the node image that asks is not there yet: `npm run up` builds it";
  return [row("kernel features", false, "not asked", "lack", means)];
}

/** Judges what was found of a machine. */
export function doctorRows(facts: MachineFacts): Row[] {
  const problems = facts.problems.map((problem) => problemRow(problem));
  const ports = Object.entries(facts.ports).map(([purpose, port]) =>
    row(`port: ${purpose}`, true, `127.0.0.1:${port}`, "problem", ""),
  );
  return [
    ...machineRows(facts),
    ...featureRows(facts),
    ...toolRows(facts),
    ...(facts.elsewhere ?? []),
    ...ports,
    ...problems,
  ];
}
