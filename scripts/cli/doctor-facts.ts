import { existsSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { parse } from "yaml";
import type { Problem } from "../../components/errors.ts";
import { UserError } from "../../components/errors.ts";
import { lookAtHosts } from "../../components/nodes/hosts/look.ts";
import { probeKernel } from "../../components/nodes/local/kernel.ts";
import { machineProblems, settle } from "../../components/nodes/local/settle.ts";
import { survey } from "../../components/nodes/local/survey.ts";
import type { KernelFeatures } from "../../components/nodes/types.ts";
import { loadConfig } from "../../stacks/config/load.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { hostLook } from "../../stacks/host-look.ts";
import { innerSubnets, portWishes } from "../../stacks/ports.ts";
import { imageTag } from "../images.ts";
import { hasPlugin } from "../setup/plugins.ts";
import { findPulumi } from "../setup/pulumi-place.ts";
import { PLUGINS } from "../setup/versions.ts";
import { docker, mustDocker } from "./docker.ts";
import type { Row } from "./doctor-rows.ts";
import { hostRecord } from "./host-record.ts";
import { labName, PROJECT, ROOT, stackConfigFile } from "./paths.ts";
import type { Report } from "./report.ts";
import { readState } from "./state.ts";

/** Bytes of memory a node takes with its engine and a few tasks. */
export const LEAST_PER_NODE = 250 * 2 ** 20;

export interface EngineFacts {
  readonly version: string;
  readonly kernel: string;
  readonly os: string;
  readonly cgroup: string;
  readonly storage: string;
  readonly root: string;
  readonly cpus: number;
  readonly memory: number;
}

/** What was found of the machine, before it is judged. */
export interface MachineFacts {
  readonly host: string;
  readonly client: string;
  readonly engine: EngineFacts;
  /** Bytes; undefined where the engine's data is not on this machine's disks. */
  readonly freeDisk: number | undefined;
  /** Undefined while the node image, which asks the kernel, is not built. */
  readonly kernel: KernelFeatures | undefined;
  readonly node: string;
  readonly pulumi: string | undefined;
  readonly plugins: readonly { readonly name: string; readonly there: boolean }[];
  /** Nodes the configuration asks for. */
  readonly nodes: number;
  /** Loopback ports the lab would have, by purpose. */
  readonly ports: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
  /** What was found of a provider that is elsewhere, whose kernels are not this machine's. */
  readonly elsewhere?: readonly Row[];
}

const INFO =
  '{"version":{{json .ServerVersion}},"kernel":{{json .KernelVersion}},"os":{{json .OSType}},"cgroup":{{json .CgroupVersion}},"storage":{{json .Driver}},"root":{{json .DockerRootDir}},"cpus":{{json .NCPU}},"memory":{{json .MemTotal}}}';

/** The settings of a stack as Pulumi would hand them to the program; an encrypted value is only known to be one. */
export function configText(yaml: string): Record<string, string> {
  const file = parse(yaml) as { config?: Record<string, unknown> } | null;
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    if ("secure" in value) return "encrypted";
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  return Object.fromEntries(
    Object.entries(file?.config ?? {}).map(([key, value]) => {
      const bare = plain(value);
      return [key, typeof bare === "string" ? bare : JSON.stringify(bare)];
    }),
  );
}

async function readConfig(stack: string): Promise<LabConfig | Problem> {
  const file = stackConfigFile(stack);
  const all = existsSync(file) ? configText(await readFile(file, "utf8")) : {};
  try {
    return loadConfig({ project: PROJECT, stack: labName(stack), all, root: ROOT }).config;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const where = `configuration of ${stack}`;
    return { where, got: error.message, need: "settings without mistakes" };
  }
}

/** What is wrong with the hosts, and what the kernels of those that answer can. */
async function groundOfHosts(config: LabConfig, stack: string) {
  const record = hostRecord(await readState(stack));
  const { seen, problems, kernel } = await lookAtHosts(hostLook(config, ROOT, record));
  return { ports: {}, problems, kernel: seen.length > 0 ? kernel : undefined };
}

async function kernelOf(host: string, report: Report): Promise<KernelFeatures | undefined> {
  const image = imageTag("node");
  const there = await docker(host, ["image", "inspect", "--format", "x", image]);
  return there.code === 0 ? probeKernel({ engine: host, image, report }) : undefined;
}

/** Ports and addresses as the preflight of `up` would settle them, with its problems. */
async function ground(
  host: string,
  stack: string,
  config: LabConfig,
  report: Report,
): Promise<Pick<MachineFacts, "ports" | "problems" | "kernel" | "elsewhere">> {
  if (config.provider === "hosts") return groundOfHosts(config, stack);
  if (config.provider === "aws") {
    // Loaded for none but those who use it.
    const { lookAtAws } = await import("./doctor-aws.ts");
    return { ports: {}, problems: [], kernel: undefined, elsewhere: await lookAtAws(config) };
  }
  const lab = labName(stack);
  const seen = await survey(host, lab);
  const wish = {
    lab,
    subnet: config.network.subnet,
    avoid: innerSubnets(config),
    ports: portWishes(config),
  };
  const [{ ports, problems }, kernel] = await Promise.all([
    settle(seen, wish),
    kernelOf(host, report),
  ]);
  return { ports, problems: [...machineProblems(seen, lab), ...problems], kernel };
}

/** How many nodes this machine's engine has to bear. */
function containersOf(config: LabConfig | Problem): number {
  if ("where" in config) return 5;
  return config.provider === "local" ? config.managers + config.workers : 0;
}

/** Looks at everything a lab needs of this machine. Changes nothing; the engine must answer. */
export async function readFacts(
  host: string,
  stack: string,
  report: Report,
): Promise<MachineFacts> {
  const [info, client, pulumi, config, ...plugins] = await Promise.all([
    mustDocker(host, ["info", "--format", INFO]),
    mustDocker(host, ["version", "--format", "{{.Client.Version}}"]),
    findPulumi(),
    readConfig(stack),
    ...PLUGINS.map(async (plugin) => ({
      name: `${plugin.name} ${plugin.version}`,
      there: await hasPlugin(plugin),
    })),
  ]);
  const engine = JSON.parse(info) as EngineFacts;
  const here = host.startsWith("unix:") && existsSync(engine.root);
  const disk = here ? await statfs(engine.root) : undefined;
  const settled: Awaited<ReturnType<typeof ground>> =
    "where" in config
      ? { ports: {}, problems: [config], kernel: await kernelOf(host, report) }
      : await ground(host, stack, config, report);
  const seen = new Map(settled.problems.map((problem) => [problem.where + problem.got, problem]));
  return {
    host,
    client: client.trim(),
    engine,
    freeDisk: disk && disk.bavail * disk.bsize,
    kernel: settled.kernel,
    node: process.version,
    pulumi: pulumi && `${pulumi.bin} (${pulumi.from})`,
    plugins,
    nodes: containersOf(config),
    ports: settled.ports,
    problems: [...seen.values()],
    ...(settled.elsewhere === undefined ? {} : { elsewhere: settled.elsewhere }),
  };
}
