import type * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../components/command.ts";
import type { NodeHandle } from "../components/nodes/types.ts";
import type { Reach } from "../components/swarm/reach.ts";
import type { ConvergedInput } from "../components/swarm/step-inputs.ts";
import type { LabConfig } from "./config/resolved.ts";
import { appAddresses } from "./outputs.ts";

export interface GateRequest {
  readonly config: LabConfig;
  readonly nodes: readonly NodeHandle[];
  readonly ports: Readonly<Record<string, number>>;
  /** What the services are made of: when it changes, they must be looked at again. */
  readonly madeOf: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The end of an `up`: the services run, answer through the lab's entrance, and reach each other across nodes. The result
 * is what was seen of the last.
 */
export function createGate(
  { config, nodes, ports, madeOf }: GateRequest,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<Reach> {
  const own = Object.entries(config.services).find(([, service]) => service.image === "app");
  const [port] = own?.[1].ports ?? [];
  const converged: ConvergedInput = {
    nodes,
    services: Object.keys(config.services),
    urls: Object.values(appAddresses(config, ports)).flat(),
    probe: own && port && { service: own[0], port: port.target },
  };
  const done = step(
    "converged",
    {
      create: "swarm/converged.ts",
      inputs: { LAB_CONVERGED: converged, LAB_SERVICES: config.services, LAB_MADE_OF: madeOf },
    },
    opts,
  );
  return resultOf<{ reach: Reach }>(done).reach;
}
