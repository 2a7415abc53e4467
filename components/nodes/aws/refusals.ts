/** What AWS refuses while a lab is made or removed, by its code: each in words for the person whose lab it is. */
import type { Problem } from "../../errors.ts";
import { BUCKET_REFUSALS } from "./bucket-refusals.ts";
import type { AwsRefusal } from "./error-text.ts";

type Teller = (refusal: AwsRefusal) => Problem | undefined;

const INSTANCE_TYPE = "swarm-lab:aws.instanceType";
const SUBNET = "swarm-lab:network.subnet";
const AGAIN = "`npm run up` goes on from there";

/** What `pattern` has in brackets, out of AWS's sentence; `rest` where it reads another way. */
const said = ({ message }: AwsRefusal, pattern: RegExp, rest: string): string =>
  pattern.exec(message)?.[1] ?? rest;

const quota =
  (what: string): Teller =>
  (refusal) => ({
    where: `the AWS account's quota of ${what}`,
    got: "more of them than it allows in the region",
    need: `what is within it (${said(refusal, /limit of (\d+)/, "AWS does not say how many")}), together with what the account has already`,
    fix: `make the lab smaller, remove what nobody needs, or ask AWS for more (Service Quotas in its console); ${AGAIN}`,
  });

const notOffered: Teller = (refusal) => ({
  where: INSTANCE_TYPE,
  got: `${said(refusal, /instance type \(([\w.-]+)\)/, "a type")}, which ${said(refusal, /Availability Zone \(([\w-]+)\)/, "a zone of the lab")} does not offer`,
  need: `a type that every zone of the lab offers (this one: ${said(refusal, /choosing (.*?)\.?$/, "AWS does not say where")})`,
  fix: "choose another type, or leave that zone out of swarm-lab:zones",
});

const noneLeft: Teller = (refusal) => ({
  where: INSTANCE_TYPE,
  got: `${said(refusal, /sufficient ([\w.-]+) capacity/, "a type")}, of which AWS has none left in ${said(refusal, /you requested \(([\w-]+)\)/, "a zone of the lab")}`,
  need: "a type that is to be had there now",
  fix: `wait, as ${AGAIN}, or choose another type or zone`,
});

const noType: Teller = ({ message }) => ({
  where: INSTANCE_TYPE,
  got: `a type that AWS refuses (${message})`,
  need: "one that the region has and that the account may use",
  fix: "`aws ec2 describe-instance-types` lists them",
});

const noImage: Teller = ({ message }) => ({
  where: "the image of Debian 13",
  got: `none in the region (${message || "Debian has no parameter for it there"})`,
  need: "the one that Debian publishes for each region and architecture",
  fix: "choose another region in swarm-lab:aws.region",
});

const badRange: Teller = ({ message }) => ({
  where: SUBNET,
  got: `a range that AWS does not take (${message})`,
  need: "a private one from /16 to /22, such as 10.20.0.0/16",
  fix: "choose another, or set it to auto",
});

const rangeTaken: Teller = (refusal) => ({
  where: SUBNET,
  got: `${said(refusal, /CIDR '?([\d./]+)/, "a range")}, which another subnet of the VPC has`,
  need: "a VPC in which nobody but the lab makes subnets",
  fix: `remove that subnet; ${AGAIN}`,
});

const addressTaken: Teller = (refusal) => ({
  where: SUBNET,
  got: `${said(refusal, /(\d+(?:\.\d+){3})/, "the address of a node")}, which something else in its subnet has`,
  need: "the fixed addresses of the nodes, free",
  fix: `\`aws ec2 describe-network-interfaces\` tells what has it: remove that; ${AGAIN}`,
});

/** EC2 has one code for wrong values of every kind. */
const badValue: Teller = (refusal) => {
  if (/InstanceType/i.test(refusal.message)) return noType(refusal);
  if (!/availabilityZone/i.test(refusal.message)) return undefined;
  return {
    where: "swarm-lab:zones",
    got: `${said(refusal, /Value \(([\w-]+)\)/, "a zone")}, where the account can have no subnet`,
    need: `zones among ${said(refusal, /zones: (.*?)\.?$/, "those that the region has")}`,
    fix: "choose among them, or another region in swarm-lab:aws.region",
  };
};

const locked: Teller = (refusal) => {
  if (!/terminat/i.test(refusal.message)) return undefined;
  return {
    where: "swarm-lab:aws.protected",
    got: `true when ${said(refusal, /instance '?(i-\w+)/, "an instance")} was made, which refuses to be terminated`,
    need: "false before the instance goes",
    fix: "set it to false, and then `npm run down`, or `npm run up` and this again",
  };
};

const held: Teller = ({ message }) => ({
  where: "what the lab made on AWS",
  got: `something that others still use (${message})`,
  need: "nothing of others within the lab's VPC",
  fix: "remove what was made there by hand, and do this again",
});

const tooFast: Teller = ({ operation }) => ({
  where: "AWS",
  got: `more requests than it takes at a time (${operation})`,
  need: "fewer from this account",
  fix: `wait some minutes; ${AGAIN}`,
});

const noSpot: Teller = ({ message }) => ({
  where: "swarm-lab:aws.workers",
  got: `spot, of which AWS gives none now (${message})`,
  need: "spot instances that are to be had, or on-demand",
  fix: `wait, as ${AGAIN}, or set it to on-demand`,
});

const balancerThere: Teller = ({ message }) => ({
  where: "swarm-lab:aws.loadBalancer",
  got: `a load balancer or target group of a name that is there already (${message})`,
  need: "names that nothing else in the region has: they are made of the lab's",
  fix: `remove what an earlier lab of the name left; ${AGAIN}`,
});

export const REFUSALS: Readonly<Record<string, Teller>> = {
  VcpuLimitExceeded: quota("vCPUs"),
  InstanceLimitExceeded: quota("instances"),
  MaxSpotInstanceCountExceeded: quota("spot instances"),
  AddressLimitExceeded: quota("Elastic IP addresses, one for each node"),
  VpcLimitExceeded: quota("VPCs"),
  InternetGatewayLimitExceeded: quota("internet gateways"),
  VolumeLimitExceeded: quota("disks"),
  Unsupported: notOffered,
  InsufficientInstanceCapacity: noneLeft,
  InvalidInstanceType: noType,
  InvalidParameterCombination: noType,
  InvalidParameterValue: badValue,
  "InvalidAMIID.NotFound": noImage,
  "InvalidAMIID.Unavailable": noImage,
  ParameterNotFound: noImage,
  "InvalidSubnet.Conflict": rangeTaken,
  "InvalidSubnet.Range": badRange,
  "InvalidVpc.Range": badRange,
  "InvalidIPAddress.InUse": addressTaken,
  OperationNotPermitted: locked,
  DependencyViolation: held,
  DeleteConflict: held,
  RequestLimitExceeded: tooFast,
  Throttling: tooFast,
  SpotMaxPriceTooLow: noSpot,
  TooManyLoadBalancers: quota("network load balancers"),
  TooManyTargetGroups: quota("target groups"),
  DuplicateLoadBalancerName: balancerThere,
  DuplicateTargetGroupName: balancerThere,
  ...BUCKET_REFUSALS,
};
