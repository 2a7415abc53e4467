import type { PolicyResource } from "../../policies/policy.ts";

/** A resource with these inputs, as a policy gets it. */
export function resource(
  type: string,
  inputs: PolicyResource["inputs"] = {},
  { name = "one", references = {} }: Partial<PolicyResource> = {},
): PolicyResource {
  return { urn: `urn:pulumi:dev::swarm-lab::${type}::${name}`, type, name, inputs, references };
}

/** A node as a container with the lab's labels. */
export const container = (name: string, role: string, zone: string, extra: object = {}) =>
  resource(
    "docker:index/container:Container",
    {
      image: "swarm-lab/node:1",
      labels: Object.entries({
        ...{ "swarm-lab.lab": "dev", "swarm-lab.node": name },
        ...{ "swarm-lab.role": role, "swarm-lab.zone": zone, ...extra },
      }).map(([label, value]) => ({ label, value })),
    },
    { name },
  );

/** A node as an instance with the lab's tags. */
export const instance = (name: string, role: string, zone: string) =>
  resource(
    "aws:ec2/instance:Instance",
    { tags: { "swarm-lab.node": name, "swarm-lab.role": role, "swarm-lab.zone": zone } },
    { name },
  );

/** A machine of the user's own: the step that makes it a member. */
export const member = (name: string, role: string, zone: string) =>
  resource(
    "command:local:Command",
    { environment: { LAB_MEMBER: JSON.stringify({ node: { name, role, zone } }) } },
    { name: `swarm-${name}-join` },
  );
