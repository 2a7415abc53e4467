import { runOn } from "../../components/nodes/exec.ts";
import { quoted } from "../../components/nodes/quote.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { NodeSpec } from "../../components/swarm/step-inputs.ts";
import { changeOn } from "./managers.ts";

/** `docker node update` flags that turn what is there into what is wanted; none when they agree. */
export function nodeUpdateFlags(current: NodeSpec, wanted: NodeSpec): string[] {
  const flags: string[] = [];
  if (current.availability !== wanted.availability) {
    flags.push("--availability", wanted.availability);
  }
  for (const [key, value] of Object.entries(wanted.labels)) {
    if (current.labels[key] !== value) flags.push("--label-add", `${key}=${value}`);
  }
  for (const key of Object.keys(current.labels)) {
    if (!(key in wanted.labels)) flags.push("--label-rm", key);
  }
  return flags;
}

interface Seen {
  readonly Spec: {
    readonly Availability: NodeSpec["availability"];
    readonly Labels?: Record<string, string>;
  };
}

async function currentSpec(via: NodeHandle, nodeId: string): Promise<NodeSpec> {
  const text = await runOn(via, `inspecting node ${nodeId}`, `docker node inspect ${nodeId}`);
  const [seen] = JSON.parse(text) as Seen[];
  if (seen === undefined) throw new Error(`${via.name} does not know node ${nodeId}`);
  return { availability: seen.Spec.Availability, labels: seen.Spec.Labels ?? {} };
}

/**
 * Sets labels and availability of a node through a manager. Changes nothing, and so moves no object version, when all
 * is as wanted. `known` is what the node is like where the caller knows it, as just after a join.
 */
export async function applyNodeSpec(
  via: NodeHandle,
  nodeId: string,
  wanted: NodeSpec,
  known?: NodeSpec,
): Promise<void> {
  const flags = nodeUpdateFlags(known ?? (await currentSpec(via, nodeId)), wanted);
  if (flags.length === 0) return;
  const update = ["docker node update", ...flags.map(quoted), nodeId, ">/dev/null"].join(" ");
  await changeOn(via, `updating node ${nodeId}`, update);
}
