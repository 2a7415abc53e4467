/** What AWS refuses of a network and of what is in front of it, by its code. */
import { AGAIN, said, type Teller, type Tellers } from "./refusal-teller.ts";

const SUBNET = "swarm-lab:network.subnet";

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

const held: Teller = ({ message }) => ({
  where: "what the lab made on AWS",
  got: `something that others still use (${message})`,
  need: "nothing of others within the lab's VPC",
  fix: "remove what was made there by hand, and do this again",
});

const balancerThere: Teller = ({ message }) => ({
  where: "swarm-lab:aws.loadBalancer",
  got: `a load balancer or target group of a name that is there already (${message})`,
  need: "names that nothing else in the region has: they are made of the lab's",
  fix: `remove what an earlier lab of the name left; ${AGAIN}`,
});

export const NETWORK_REFUSALS: Tellers = {
  "InvalidSubnet.Conflict": rangeTaken,
  "InvalidSubnet.Range": badRange,
  "InvalidVpc.Range": badRange,
  "InvalidIPAddress.InUse": addressTaken,
  DependencyViolation: held,
  DeleteConflict: held,
  DuplicateLoadBalancerName: balancerThere,
  DuplicateTargetGroupName: balancerThere,
};
