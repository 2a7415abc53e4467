import type * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../components/command.ts";
import type { ProvidedNodes } from "../components/nodes/provider.ts";
import type { Reach } from "../components/swarm/reach.ts";
import type { ConvergedInput } from "../components/swarm/step-inputs.ts";
import type { LabConfig } from "./config/resolved.ts";
import { appAddresses, ownApps, probedApp } from "./outputs.ts";

export interface GateRequest {
  readonly config: LabConfig;
  readonly provided: Pick<ProvidedNodes, "nodes" | "entrance" | "entranceFrom">;
  readonly ports: Readonly<Record<string, number>>;
  /** What the services are made of: when it changes, they must be looked at again. */
  readonly madeOf: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The end of an `up`: the services run, and the lab's own application answers through the lab's entrance and reaches
 * itself across nodes. What other services speak on their ports is not known here. The result is what was seen of the last.
 */
export function createGate(
  { config, provided, ports, madeOf }: GateRequest,
  opts: pulumi.CustomResourceOptions,
): { readonly done: pulumi.Resource; readonly reach: pulumi.Output<Reach> } {
  const { nodes, entrance, entranceFrom } = provided;
  const addresses = appAddresses(config, ports, entrance);
  const away = nodes.flatMap(({ handle, silent }) => (silent ? [handle.name] : []));
  const converged: ConvergedInput = {
    nodes: nodes.flatMap(({ handle, silent }) => (silent ? [] : [handle])),
    ...(away.length > 0 ? { away } : {}),
    services: Object.keys(config.services),
    urls: ownApps(config).flatMap(([key]) => addresses[key] ?? []),
    ...(entranceFrom === undefined ? {} : { from: entranceFrom }),
    probe: probedApp(config),
  };
  const done = step(
    "converged",
    {
      create: "swarm/converged.ts",
      inputs: { LAB_CONVERGED: converged, LAB_SERVICES: config.services, LAB_MADE_OF: madeOf },
    },
    opts,
  );
  return { done, reach: resultOf<{ reach: Reach }>(done).reach };
}
