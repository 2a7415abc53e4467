import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import type { Problem } from "../../components/errors.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { hasPlugin } from "../setup/plugins.ts";
import { findPulumi } from "../setup/pulumi-place.ts";
import { PLUGINS } from "../setup/versions.ts";
import { mustDocker } from "./docker.ts";
import { readConfig } from "./doctor-config.ts";
import { type GroundFacts, kernelOf, lookAtGround } from "./doctor-ground.ts";
import type { Report } from "./report.ts";

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
export interface MachineFacts extends GroundFacts {
  readonly host: string;
  readonly client: string;
  readonly engine: EngineFacts;
  /** Bytes; undefined where the engine's data is not on this machine's disks. */
  readonly freeDisk: number | undefined;
  readonly node: string;
  readonly pulumi: string | undefined;
  readonly plugins: readonly { readonly name: string; readonly there: boolean }[];
  /** Nodes the configuration asks for. */
  readonly nodes: number;
}

const INFO =
  '{"version":{{json .ServerVersion}},"kernel":{{json .KernelVersion}},"os":{{json .OSType}},"cgroup":{{json .CgroupVersion}},"storage":{{json .Driver}},"root":{{json .DockerRootDir}},"cpus":{{json .NCPU}},"memory":{{json .MemTotal}}}';

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
  const settled: GroundFacts =
    "where" in config
      ? { ports: {}, problems: [config], kernel: await kernelOf(host, report) }
      : await lookAtGround(host, stack, config, report);
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
