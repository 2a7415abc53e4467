import { UserError } from "../../components/errors.ts";
import type { LabSeen } from "../../components/report/input.ts";
import type { SwarmView } from "../cli/probe.ts";
import { enterForLooking, look, type Seen } from "../cli/status.ts";
import type { Status } from "../cli/status-model.ts";

/** The running tasks of a swarm by service and node. A task whose node or service is gone is left out. */
function tasksOf(view: SwarmView | readonly string[]): LabSeen["tasks"] {
  if (Array.isArray(view)) return [];
  const { nodes, services, tasks } = view as SwarmView;
  return tasks.flatMap(({ ServiceID, NodeID, DesiredState, Status: { State } }) => {
    const service = services.find(({ ID }) => ID === ServiceID)?.Spec.Name;
    const node = nodes.find(({ ID }) => ID === NodeID)?.Description.Hostname;
    const runs = DesiredState === "running" && State === "running";
    return runs && service !== undefined && node !== undefined ? [{ service, node }] : [];
  });
}

function networkOf({ network }: Status): string[] {
  if (!("encryption" in network)) return [];
  const { encryption, endpointMode, publish } = network;
  return [
    `overlay ${encryption.inForce ? "encrypted" : "not encrypted"}: ${encryption.reason}`,
    `endpoint mode ${endpointMode.inForce}: ${endpointMode.reason}`,
    `publishing ${publish.inForce}: ${publish.reason}`,
  ];
}

/** What a report draws of a lab that was looked at. Pure. */
export function labSeen({ findings, status, assessment }: Seen): LabSeen {
  const { swarm, nodes, services } = status;
  return {
    ...{ state: assessment.state, problems: assessment.problems },
    ...(assessment.advice === undefined ? {} : { advice: assessment.advice }),
    clusterId: swarm.clusterId,
    quorum: { managers: swarm.managers, needed: swarm.quorum, spare: swarm.tolerates },
    ...{ nodes, services, tasks: tasksOf(findings.view), network: networkOf(status) },
  };
}

/** Looks at a lab and changes nothing; says why where nobody can look. */
export async function readLab(stack: string): Promise<LabSeen | { readonly unseen: string }> {
  try {
    return labSeen(await look(stack, await enterForLooking(stack)));
  } catch (error) {
    if (error instanceof UserError) return { unseen: error.message };
    throw error;
  }
}
