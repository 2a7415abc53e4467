import { describeProblem, type Problem } from "../../errors.ts";
import { overlaps } from "../plan.ts";
import type { AwsFacts, AwsWish } from "./account-facts.ts";
import { architectureOf } from "./machine-image.ts";
import type { Placement } from "./placement.ts";
import { quotaProblems } from "./quotas.ts";

const INSTANCE_TYPE = "swarm-lab:aws.instanceType";
const list = (names: readonly string[]) => names.join(", ") || "none";

function zoneProblems({ zones }: AwsFacts, { subnets, region }: Placement): Problem[] {
  if (zones === undefined) return [];
  const letters = zones.map((zone) => zone.slice(region.length));
  return subnets.flatMap(({ zone, availabilityZone }, at) =>
    zones.includes(availabilityZone)
      ? []
      : [
          {
            where: `swarm-lab:zones[${at}]`,
            got: `${zone}, and the account has no zone ${availabilityZone}`,
            need: `one of the ${zones.length} that ${region} has for it (${list(letters)})`,
            fix: "choose among them, or a region with more in swarm-lab:aws.region",
          },
        ],
  );
}

function typeProblems(facts: AwsFacts, wish: AwsWish): Problem[] {
  const { type, offered, zones } = facts;
  const { instanceType, spot, placement } = wish;
  const { region, subnets, nodes } = placement;
  const about = { where: INSTANCE_TYPE };
  if (type === null) {
    const need = "a type that the region has";
    const fix = `\`aws ec2 describe-instance-types --region ${region}\` lists them`;
    return [{ ...about, got: `${instanceType}, which ${region} does not have`, need, fix }];
  }
  const lacking = subnets
    .map(({ availabilityZone }) => availabilityZone)
    .filter((zone) => offered !== undefined && !offered.includes(zone))
    .filter((zone) => zones?.includes(zone) ?? true);
  const problems: Problem[] = lacking.map((zone) => ({
    ...{ ...about, got: `${instanceType}, which ${zone} does not offer` },
    need: `a type that every zone of the lab offers (this one: ${list(offered ?? [])})`,
    fix: "choose another type, or leave that zone out of swarm-lab:zones",
  }));
  const wanted = architectureOf(instanceType) === "arm64" ? "arm64" : "x86_64";
  if (type && !type.architectures.includes(wanted))
    problems.push({
      ...{ ...about, got: `${instanceType}, whose processors are ${list(type.architectures)}` },
      ...{ need: `one with ${wanted}, as its name says`, fix: "choose another type" },
    });
  if (type && !type.spot && spot && nodes.some(({ role }) => role === "worker"))
    problems.push({
      where: "swarm-lab:aws.workers",
      got: `spot, and AWS sells no ${instanceType} as a spot instance`,
      ...{ need: "on-demand with this type", fix: "set it to on-demand, or choose another type" },
    });
  return problems;
}

function imageProblems({ image }: AwsFacts, { placement: { region }, instanceType }: AwsWish) {
  if (image !== null) return [];
  const architecture = architectureOf(instanceType);
  return [
    {
      where: "swarm-lab:aws.region",
      got: `${region}, for which Debian publishes no image of Debian 13 for ${architecture}`,
      need: "a region with one, as restores need the same engine everywhere",
      fix: "choose another region, or a type with other processors",
    },
  ];
}

/** Everything that keeps the lab from being made in this account; empty when it can be. Pure. */
export const accountProblems = (facts: AwsFacts, wish: AwsWish): Problem[] => [
  ...zoneProblems(facts, wish.placement),
  ...typeProblems(facts, wish),
  ...imageProblems(facts, wish),
  ...quotaProblems(facts, wish),
];

/** What a person should know of the account although nothing is refused for it. Pure. */
export function accountNotes({ vpcs = [], unseen }: AwsFacts, wish: AwsWish): Problem[] {
  const { vpc } = wish.placement;
  const same = vpcs.filter(({ cidr }) => overlaps(cidr, vpc));
  return [
    ...same.map(({ id, cidr }) => ({
      where: "swarm-lab:network.subnet",
      got: `${vpc}, and another VPC of the account (${id}) has ${cidr}`,
      need: "a range of its own, should the two ever be connected",
      fix: "set another before the lab is made, if so: it cannot be changed later",
    })),
    ...Object.entries(unseen).map(([question, why]) => ({
      where: "the preflight",
      got: `no answer to \`aws ${question}\`: ${why}`,
      need: "one, for what AWS would refuse to be known before",
    })),
  ];
}

/** The same, a line each. */
export const accountWarnings = (facts: AwsFacts, wish: AwsWish): string[] =>
  accountNotes(facts, wish).map(describeProblem);
