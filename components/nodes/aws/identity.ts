import { InstanceProfile, Role, RolePolicy } from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { instancePolicy, registryPolicy, trustPolicy } from "./policies.ts";
import { iamPath, tagsOf } from "./tags.ts";

export interface AwsIdentityArgs {
  readonly lab: string;
  /** The bucket of the registry's images, for instances that run the registry; absent: none. */
  readonly registry?: { readonly bucket: string; readonly region: string };
  readonly labels: Readonly<Record<string, string>>;
}

/** What instances of a lab may do on AWS: let Session Manager in, use the registry's bucket where one is named, and nothing else. */
export class AwsIdentity extends pulumi.ComponentResource {
  /** Name of the instance profile, known once its policy is in force: an agent that starts before is refused. */
  readonly profileName: pulumi.Output<string>;

  constructor(name: string, args: AwsIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsIdentity", name, {}, opts);
    const { registry } = args;
    const what = registry === undefined ? "node" : "registry";
    const tags = tagsOf(what, { lab: args.lab }, args.labels);
    const allowed =
      registry === undefined ? instancePolicy() : registryPolicy(registry.bucket, registry.region);
    const path = iamPath(args.lab);
    const role = new Role(
      `${name}-role`,
      { assumeRolePolicy: JSON.stringify(trustPolicy()), path, tags },
      { parent: this },
    );
    const policy = new RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: JSON.stringify(allowed) },
      { parent: this },
    );
    const profile = new InstanceProfile(
      `${name}-profile`,
      { role: role.name, path, tags },
      { parent: this, dependsOn: [policy] },
    );
    this.profileName = profile.name;
    this.registerOutputs({ profileName: this.profileName });
  }
}
