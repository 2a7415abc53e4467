import * as pulumi from "@pulumi/pulumi";
import type { Credentials } from "../../components/nodes/credentials.ts";
import type { SwarmKeys } from "../../components/swarm/bootstrap.ts";
import { plainOf } from "./properties.ts";

/** Secrets of a mocked lab: texts that must be found nowhere in clear. */
export const CREDENTIALS: Credentials = {
  ca: "CA-CERTIFICATE",
  engine: { cert: "ENGINE-CERTIFICATE", key: "ENGINE-PRIVATE-KEY" },
  registry: { cert: "REGISTRY-CERTIFICATE", key: "REGISTRY-PRIVATE-KEY" },
  client: { cert: "CLIENT-CERTIFICATE", key: "CLIENT-PRIVATE-KEY" },
  registryLogin: {
    username: "lab",
    password: "REGISTRY-PASSWORD",
    htpasswd: "lab:HTPASSWD-LINE\n",
  },
};
export const KEYS: SwarmKeys = {
  manager: "SWMTKN-MANAGER",
  worker: "SWMTKN-WORKER",
  unlockKey: "SWMKEY-UNLOCK",
  ca: "SWARM-ROOT-CA",
};
export const GENERATED = "GENERATED-SECRET";

type Environment = Readonly<Record<string, string>>;

const read = (environment: Environment, name: string) => JSON.parse(environment[name] ?? "null");

/** What each step prints. A step that is not here is not known, and fails the test that makes it. */
const PRINTED: Readonly<Record<string, (environment: Environment) => unknown>> = {
  "credentials.ts": () => CREDENTIALS,
  "generate-secret.ts": () => ({ value: GENERATED }),
  "swarm/member.ts": (environment) => {
    const { name } = read(environment, "LAB_MEMBER").node;
    return { node: name, nodeId: `node-id-of-${name}`, cluster: "cluster-1" };
  },
  "swarm/ready.ts": (environment) => ({ ready: read(environment, "LAB_NODES").length }),
  "swarm/api-ready.ts": (environment) => {
    const api = read(environment, "LAB_API");
    if (api.kind === "ssh") return { host: `ssh://${api.connection.user}@${api.connection.host}` };
    return { host: `tcp://${api.host}:${api.port}` };
  },
  "hosts/lab-id.ts": () => ({ id: "id-of-the-stack" }),
  "hosts/claim.ts": (environment) => ({ node: read(environment, "LAB_HOST").node.name }),
  "hosts/provision.ts": (environment) => {
    const { name } = read(environment, "LAB_HOST").node;
    return { node: name, machineId: `machine-id-of-${name}` };
  },
  "aws/ready.ts": (environment) => ({ node: read(environment, "LAB_INSTANCE").node.name }),
  "swarm/tokens.ts": () => KEYS,
  "swarm/load-images.ts": (environment) => {
    const { images } = read(environment, "LAB_LOAD") as { images: string[] };
    return { ids: Object.fromEntries(images.map((image) => [image, `sha256:id-of-${image}`])) };
  },
  "swarm/push-image.ts": (environment) => {
    const { target } = read(environment, "LAB_PUSH") as { target: string };
    return { reference: `${target.slice(0, target.lastIndexOf(":"))}@sha256:digest` };
  },
  "swarm/compose.ts": (environment) => ({ stack: read(environment, "LAB_COMPOSE").stack }),
  "backup/run-backup.ts": () => ({ name: "a-backup", where: "/b/a-backup" }),
  "backup/run-restore.ts": () => ({ backup: "a-backup", differences: [] }),
  "drills/run.ts": (environment) => ({
    ...{ drill: read(environment, "LAB_DRILL").name, runId: read(environment, "LAB_DRILL").runId },
    verdict: "passed",
  }),
  "swarm/converged.ts": () => ({ reach: { whole: true, nodes: [], crossed: 0, sentence: "" } }),
};

/** The machine image that Debian's parameter names under mocks. */
export const AMI = "ami-0debian13";

/** What a provider's function answers; like a resource, one that is not here fails the test that calls it. */
export function mockedCall(token: string, inputs: Readonly<Record<string, unknown>>): object {
  if (token !== "aws:ssm/getParameter:getParameter")
    throw new Error(`mocks: the function ${token} is not known`);
  if (!/^\/aws\/service\/debian\/release\/13\/latest\/(amd64|arm64)$/.test(String(inputs.name)))
    throw new Error(`mocks: the parameter ${inputs.name} is not known`);
  return { ...inputs, value: pulumi.secret(AMI) };
}

/** Outputs that a provider computes, by type. */
const COMPUTED: Readonly<Record<string, (name: string) => Record<string, unknown>>> = {
  "pulumi:providers:aws": () => ({}),
  "aws:ec2/vpc:Vpc": () => ({}),
  "aws:ec2/internetGateway:InternetGateway": () => ({}),
  "aws:ec2/subnet:Subnet": () => ({}),
  "aws:ec2/routeTable:RouteTable": () => ({}),
  "aws:ec2/route:Route": () => ({}),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": () => ({}),
  "aws:ec2/securityGroup:SecurityGroup": () => ({}),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": () => ({}),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": () => ({}),
  "aws:ec2/subnetCidrReservation:SubnetCidrReservation": () => ({}),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({
    ...{ arn: `arn-of-${name}`, dnsName: `${name}.example` },
  }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({ arn: `arn-of-${name}` }),
  "aws:lb/listener:Listener": () => ({}),
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": () => ({}),
  "aws:iam/role:Role": (name) => ({ name: `${name}-0a1b2c3` }),
  "aws:iam/rolePolicy:RolePolicy": () => ({}),
  "aws:iam/instanceProfile:InstanceProfile": (name) => ({ name: `${name}-0a1b2c3` }),
  "aws:ec2/networkInterface:NetworkInterface": () => ({}),
  "aws:ec2/eip:Eip": (name) => ({ publicIp: `address-of-${name}` }),
  "aws:ec2/instance:Instance": () => ({}),
  "aws:s3/bucket:Bucket": () => ({}),
  "aws:s3/bucketVersioning:BucketVersioning": () => ({}),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": () => ({}),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": () => ({}),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    () => ({}),
  "aws:s3/bucketPolicy:BucketPolicy": () => ({}),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": () => ({}),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": () => ({}),
  "pulumi:providers:docker": () => ({}),
  "pulumi:providers:command": () => ({}),
  "docker:index/container:Container": () => ({}),
  "docker:index/volume:Volume": () => ({}),
  "docker:index/network:Network": () => ({}),
  "docker:index/service:Service": () => ({}),
  // Named by the provider: the logical name and some random characters.
  "docker:index/secret:Secret": (name) => ({ name: `${name}-0a1b2c3` }),
  "docker:index/serviceConfig:ServiceConfig": (name) => ({ name: `${name}-0a1b2c3` }),
};

/** What the step of this command prints, or undefined of a command that is a script in itself. */
function printer(inputs: Readonly<Record<string, unknown>>) {
  const create = String(inputs.create);
  if (create === ":" || "interpreter" in inputs) return undefined;
  const [, script = ""] = /^node scripts\/(\S+)$/.exec(create) ?? [];
  const print = PRINTED[script];
  if (print === undefined) throw new Error(`mocks: the command ${create} is not known`);
  return print;
}

/**
 * The state of a made resource: its inputs and, if it is made for real and not for a preview, what its provider adds.
 * Throws for what is not known.
 */
export function mockedState(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  preview: boolean,
): Readonly<Record<string, unknown>> {
  if (type === "command:local:Command") {
    const print = printer(inputs);
    if (preview) return inputs;
    const environment = plainOf(inputs.environment) as Environment;
    return { ...inputs, stdout: print ? JSON.stringify(print(environment)) : "", stderr: "" };
  }
  const computed = COMPUTED[type];
  if (computed === undefined) throw new Error(`mocks: the type ${type} is not known`);
  return preview ? inputs : { ...inputs, ...computed(name) };
}
