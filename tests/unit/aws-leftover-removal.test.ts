import { expect, test } from "vitest";
import { removalOf } from "../../components/nodes/aws/leftover-removal.ts";
import type { AwsThing } from "../../components/nodes/aws/leftovers.ts";

const all: readonly AwsThing[] = [{ kind: "vpc", id: "vpc-1" }];
const place = { lab: "dev", region: "eu-central-1", account: "111122223333", all };
const removal = (kind: string, id: string, changes = {}) =>
  removalOf({ kind, id }, { ...place, ...changes });
const ELB = "arn:aws:elasticloadbalancing:eu-central-1:111122223333";

test.each([
  ["instance", "i-1", "aws ec2 terminate-instances --instance-ids i-1"],
  ["elastic-ip", "eipalloc-1", "aws ec2 release-address --allocation-id eipalloc-1"],
  ["network-interface", "eni-1", "aws ec2 delete-network-interface --network-interface-id eni-1"],
  ["volume", "vol-1", "aws ec2 delete-volume --volume-id vol-1"],
  ["security-group", "sg-1", "aws ec2 delete-security-group --group-id sg-1"],
  ["subnet", "subnet-1", "aws ec2 delete-subnet --subnet-id subnet-1"],
  ["route-table", "rtb-1", "aws ec2 delete-route-table --route-table-id rtb-1"],
  ["vpc", "vpc-1", "aws ec2 delete-vpc --vpc-id vpc-1"],
  ["listener", "net/l/1/2", `aws elbv2 delete-listener --listener-arn ${ELB}:listener/net/l/1/2`],
  ["targetgroup", "t/1", `aws elbv2 delete-target-group --target-group-arn ${ELB}:targetgroup/t/1`],
  ["s3", "images", "aws s3 rb s3://images --force"],
])("of %s %s is %s, in its region", (kind, id, command) => {
  expect(removal(kind, id)).toBe(`${command} --region eu-central-1`);
});

test("of a gateway is two steps, each in its region, from the VPC that is left", () => {
  const steps =
    "aws ec2 detach-internet-gateway --internet-gateway-id igw-1 --vpc-id vpc-1 --region eu-central-1 && aws ec2 delete-internet-gateway --internet-gateway-id igw-1 --region eu-central-1";
  expect(removal("internet-gateway", "igw-1")).toBe(steps);
  expect(removal("internet-gateway", "igw-1", { all: [] })).toContain("--vpc-id VPC ");
});

test("of what IAM has is in no region, by its name without its path", () => {
  expect(removal("role", "swarm-lab/dev/r-1")).toBe(
    "aws iam delete-role-policy --role-name r-1 --policy-name POLICY && aws iam delete-role --role-name r-1",
  );
  expect(removal("instance-profile", "swarm-lab/dev/p-1")).toMatch(
    /--instance-profile-name p-1 --role-name ROLE && aws iam delete-instance-profile --instance-profile-name p-1$/,
  );
});

test("is another partition's where the region is", () => {
  const china = removal("loadbalancer", "net/l/1", { region: "cn-north-1" });
  expect(china).toContain("arn:aws-cn:elasticloadbalancing:cn-north-1:");
});

test("of what nobody foresaw is AWS's console", () => {
  expect(removal("function", "f")).toBe("AWS's console finds it (Tag Editor, swarm-lab.lab=dev)");
  expect(removal("security-group-rule", "sgr-1")).toBe("goes with its security group");
});
