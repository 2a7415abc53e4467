import type { Problem } from "../../components/errors.ts";
import { lookAtHosts } from "../../components/nodes/hosts/look.ts";
import { probeKernel } from "../../components/nodes/local/kernel.ts";
import { machineProblems, settle } from "../../components/nodes/local/settle.ts";
import { survey } from "../../components/nodes/local/survey.ts";
import type { KernelFeatures } from "../../components/nodes/types.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { hostLook } from "../../stacks/host-look.ts";
import { innerSubnets, portWishes } from "../../stacks/ports.ts";
import { imageTag } from "../images.ts";
import { docker } from "./docker.ts";
import type { Row } from "./doctor-rows.ts";
import { hostRecord } from "./host-record.ts";
import { labName, ROOT } from "./paths.ts";
import type { Report } from "./report.ts";
import { readState } from "./state.ts";

/** What was found of the ground that a lab is to stand on. */
export interface GroundFacts {
  /** Undefined while the node image, which asks the kernel, is not built. */
  readonly kernel: KernelFeatures | undefined;
  /** Loopback ports the lab would have, by purpose. */
  readonly ports: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
  /** What was found of a provider that is elsewhere, whose kernels are not this machine's. */
  readonly elsewhere?: readonly Row[];
}

/** What is wrong with the hosts, and what the kernels of those that answer can. */
async function groundOfHosts(config: LabConfig, stack: string) {
  const record = hostRecord(await readState(stack));
  const { seen, problems, kernel } = await lookAtHosts(hostLook(config, ROOT, record));
  return { ports: {}, problems, kernel: seen.length > 0 ? kernel : undefined };
}

/** What the kernel of this machine can; undefined while the image that asks it is not there. */
export async function kernelOf(host: string, report: Report): Promise<KernelFeatures | undefined> {
  const image = imageTag("node");
  const there = await docker(host, ["image", "inspect", "--format", "x", image]);
  return there.code === 0 ? probeKernel({ engine: host, image, report }) : undefined;
}

/** Ports and addresses as the preflight of `up` would settle them, by the lab's provider, with its problems. */
export async function lookAtGround(
  host: string,
  stack: string,
  config: LabConfig,
  report: Report,
): Promise<GroundFacts> {
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
