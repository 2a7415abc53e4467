/** What AWS refuses as an account has or asks too much of it, by its code. */
import { AGAIN, said, type Teller, type Tellers } from "./refusal-teller.ts";

const quota =
  (what: string): Teller =>
  (refusal) => ({
    where: `the AWS account's quota of ${what}`,
    got: "more of them than it allows in the region",
    need: `what is within it (${said(refusal, /limit of (\d+)/, "AWS does not say how many")}), together with what the account has already`,
    fix: `make the lab smaller, remove what nobody needs, or ask AWS for more (Service Quotas in its console); ${AGAIN}`,
  });

const tooFast: Teller = ({ operation }) => ({
  where: "AWS",
  got: `more requests than it takes at a time (${operation})`,
  need: "fewer from this account",
  fix: `wait some minutes; ${AGAIN}`,
});

export const QUOTA_REFUSALS: Tellers = {
  VcpuLimitExceeded: quota("vCPUs"),
  InstanceLimitExceeded: quota("instances"),
  MaxSpotInstanceCountExceeded: quota("spot instances"),
  AddressLimitExceeded: quota("Elastic IP addresses, one for each node"),
  VpcLimitExceeded: quota("VPCs"),
  InternetGatewayLimitExceeded: quota("internet gateways"),
  VolumeLimitExceeded: quota("disks"),
  TooManyLoadBalancers: quota("network load balancers"),
  TooManyTargetGroups: quota("target groups"),
  RequestLimitExceeded: tooFast,
  Throttling: tooFast,
  ThrottlingException: tooFast,
};
