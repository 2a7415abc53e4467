/** Quotas of an AWS account in one region that a lab uses, by AWS's own codes for them. */
import type { Problem } from "../../errors.ts";
import type { AwsFacts, AwsWish } from "./account-facts.ts";

/** What a lab uses of an account. */
export type QuotaName = "onDemandVcpus" | "spotVcpus" | "addresses" | "vpcs" | "balancers";

export interface Quota {
  readonly name: QuotaName;
  readonly what: string;
  /** As `aws service-quotas get-service-quota` takes them. */
  readonly service: string;
  readonly code: string;
}

/**
 * The codes are the same in every account and region. They come from public programs that ask for them, as AWS's guides
 * have only the names; `aws service-quotas list-service-quotas` lists both.
 */
export const QUOTAS: readonly Quota[] = [
  {
    ...{ name: "onDemandVcpus", what: "vCPUs of on-demand instances" },
    ...{ service: "ec2", code: "L-1216C47A" },
  },
  { name: "spotVcpus", what: "vCPUs of spot instances", service: "ec2", code: "L-34B43A08" },
  { name: "addresses", what: "Elastic IP addresses", service: "ec2", code: "L-0263D0A3" },
  { name: "vpcs", what: "VPCs", service: "vpc", code: "L-F678F1CE" },
  {
    ...{ name: "balancers", what: "network load balancers" },
    ...{ service: "elasticloadbalancing", code: "L-69A177A2" },
  },
];

/** Whether both quotas of vCPUs are about a type: its family is A, C, D, H, I, M, R, T or Z. Others have quotas of their own. */
export const isStandard = (instanceType: string): boolean =>
  /^(a|c|d|h|i|im|is|m|r|t|z)\d/.test(instanceType);

/** How much of each quota the whole lab takes; nothing of those that are not about its type. */
function needs(wish: AwsWish, vcpus: number) {
  const { instanceType, spot, balanced } = wish;
  const { nodes } = wish.placement;
  const each = isStandard(instanceType) ? vcpus : 0;
  const spots = spot ? nodes.filter(({ role }) => role === "worker").length : 0;
  return {
    ...{ onDemandVcpus: (nodes.length - spots) * each, spotVcpus: spots * each },
    ...{ addresses: nodes.length, vpcs: 1, balancers: balanced ? 1 : 0 },
  };
}

/** How much of a quota the lab takes, beside others. */
export interface QuotaUse extends Quota {
  readonly needed: number;
  readonly others: number;
  readonly quota: number;
}

/** What the lab takes of each quota that is about it. One that was not seen is left out. Pure. */
export function quotaUses({ quotas, used, type }: AwsFacts, wish: AwsWish): QuotaUse[] {
  const needed = needs(wish, type?.vcpus ?? 0);
  return QUOTAS.flatMap((each) => {
    const [quota, others = 0] = [quotas[each.name], used[each.name]];
    if (quota === undefined || needed[each.name] === 0) return [];
    return [{ ...each, needed: needed[each.name], others, quota }];
  });
}

export const isWithin = ({ needed, others, quota }: QuotaUse): boolean => needed + others <= quota;

/** Of which quota the lab wants more than others leave. Pure. */
export function quotaProblems(facts: AwsFacts, wish: AwsWish): Problem[] {
  const { region } = wish.placement;
  return quotaUses(facts, wish)
    .filter((use) => !isWithin(use))
    .map(({ what, service, code, needed, others, quota }) => ({
      where: `the quota of ${what} of the AWS account ${facts.account} in ${region}`,
      got: `${needed} for this lab beside ${others} of others`,
      need: `at most ${quota} together`,
      fix: `make the lab smaller, remove what nobody needs, or ask AWS for more: \`aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${needed + others}\``,
    }));
}
