/** How a person removes what a lab left on AWS: the AWS CLI's own commands, printed and never run. */
import { LABEL_LAB } from "../../labels.ts";
import type { AwsThing } from "./leftovers.ts";
import { partitionOf } from "./policies.ts";

export interface ThingPlace {
  readonly lab: string;
  readonly region: string;
  readonly account: string;
  /** Everything that is left, for what another thing's removal names. */
  readonly all: readonly AwsThing[];
}

const lastOf = (id: string) => id.slice(id.lastIndexOf("/") + 1);

/** Where the word of EC2 for deleting one differs from `delete-KIND --KIND-id ID`. */
const EC2: Readonly<Record<string, (id: string) => string>> = {
  instance: (id) => `terminate-instances --instance-ids ${id}`,
  "elastic-ip": (id) => `release-address --allocation-id ${id}`,
};
const PLAIN = ["network-interface", "volume", "subnet", "route-table", "vpc"];

function ec2Command({ kind, id }: AwsThing, { all }: ThingPlace): string | undefined {
  const own = EC2[kind]?.(id);
  if (own !== undefined) return own;
  if (PLAIN.includes(kind)) return `delete-${kind} --${kind}-id ${id}`;
  if (kind === "security-group") return `delete-security-group --group-id ${id}`;
  if (kind !== "internet-gateway") return undefined;
  const vpc = all.find((thing) => thing.kind === "vpc")?.id ?? "VPC";
  const gateway = `--internet-gateway-id ${id}`;
  return `detach-internet-gateway ${gateway} --vpc-id ${vpc} && aws ec2 delete-internet-gateway ${gateway}`;
}

const ELB: Readonly<Record<string, string>> = {
  listener: "delete-listener --listener-arn",
  loadbalancer: "delete-load-balancer --load-balancer-arn",
  targetgroup: "delete-target-group --target-group-arn",
};

/**
 * The command that removes one thing, once those before it in the list are gone; for what has none of its own, or is not known
 * here, a word of where to look. Pure.
 */
export function removalOf(thing: AwsThing, place: ThingPlace): string {
  const { kind, id } = thing;
  const { lab, region, account } = place;
  const at = ` --region ${region}`;
  const ec2 = ec2Command(thing, place);
  if (ec2 !== undefined) return `aws ec2 ${ec2.replace(" && ", `${at} && `)}${at}`;
  if (kind === "security-group-rule") return "goes with its security group";
  const elb = ELB[kind];
  if (elb !== undefined) {
    const arn = `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${account}:${kind}/${id}`;
    return `aws elbv2 ${elb} ${arn}${at}`;
  }
  const name = lastOf(id);
  if (kind === "instance-profile")
    return `aws iam remove-role-from-instance-profile --instance-profile-name ${name} --role-name ROLE && aws iam delete-instance-profile --instance-profile-name ${name}`;
  if (kind === "role")
    return `aws iam delete-role-policy --role-name ${name} --policy-name POLICY && aws iam delete-role --role-name ${name}`;
  if (kind === "s3") return `aws s3 rb s3://${id} --force${at}`;
  return `AWS's console finds it (Tag Editor, ${LABEL_LAB}=${lab})`;
}
