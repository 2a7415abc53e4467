import { getParameterOutput } from "@pulumi/aws/ssm/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { NodeHandle } from "../types.ts";
import { groupsOf } from "./access.ts";
import type { AwsFirewall } from "./firewall.ts";
import { holdsRegistry, registryFor } from "./handles.ts";
import { AwsIdentity } from "./identity.ts";
import { AwsMachine, type AwsMachineArgs } from "./machine.ts";
import { architectureOf, imageParameter } from "./machine-image.ts";
import type { AwsNetwork } from "./network.ts";

/** What is the same for every machine of a lab. */
export interface MachinesRequest
  extends Pick<
      AwsMachineArgs,
      "lab" | "region" | "instanceType" | "diskGib" | "spot" | "protected"
    >,
    Pick<AwsMachineArgs, "needs" | "credentials" | "labels"> {
  readonly nodes: readonly NodeHandle[];
  readonly network: AwsNetwork;
  readonly firewall: AwsFirewall;
  /** host:port under which the nodes know the registry. */
  readonly registryName: string;
  /** Name of the bucket of the registry's images; absent: they are on a volume. */
  readonly registryBucket?: string;
}

/** One machine for each node, in the subnet of its zone and the groups and role of what it does; in the order of the nodes. */
export function createMachines(
  name: string,
  request: MachinesRequest,
  opts: pulumi.ComponentResourceOptions,
): AwsMachine[] {
  const { nodes, network, firewall, registryName, registryBucket: bucket, ...shared } = request;
  const { lab, region, labels, instanceType } = shared;
  const identity = new AwsIdentity(`${name}-identity`, { lab, labels }, opts);
  // A role of their own, so that no other node may use the bucket.
  const holders =
    bucket === undefined
      ? identity
      : new AwsIdentity(`${name}-holders`, { lab, registry: { bucket, region }, labels }, opts);
  const parameter = imageParameter(architectureOf(instanceType));
  const { parent, provider } = opts;
  const read = { ...(parent && { parent }), ...(provider && { provider }) };
  // What is read of a parameter counts as a secret, and so would all that is made of it.
  const ami = pulumi.unsecret(getParameterOutput({ name: parameter }, read).value);
  return nodes.map((node) => {
    const registry = holdsRegistry(node);
    const groups = groupsOf({ role: node.role, registry });
    return new AwsMachine(
      `${name}-${node.name}`,
      {
        ...{ ...shared, node, ami, registry: registryFor(node, nodes, registryName) },
        profile: (registry ? holders : identity).profileName,
        subnetId: network.subnetIds[node.zone] ?? missing(node.zone),
        securityGroupIds: groups.map((group) => firewall.groupIds[group] ?? missing(group)),
      },
      // Routes and rules first, all of them: cloud-init fetches packages once, at the first start, and does not try again.
      { ...opts, dependsOn: [network, firewall] },
    );
  });
}

function missing(what: string): never {
  throw new Error(`nothing was made for ${what}`);
}
