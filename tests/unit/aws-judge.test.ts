import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import type { AwsFacts } from "../../components/nodes/aws/account-facts.ts";
import { accountProblems, accountWarnings } from "../../components/nodes/aws/judge.ts";
import { planPlacement } from "../../components/nodes/aws/placement.ts";

const placement = (zones: readonly string[] = ["a", "b", "c"], workers = 2) =>
  planPlacement({
    ...{ lab: "dev", region: "eu-central-1", subnet: "10.20.0.0/16", managers: 3, workers, zones },
    ...{ managerAvailability: "drain", nodes: { labels: {} }, registry: { enabled: true } },
  });
const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const FACTS: AwsFacts = {
  ...{ account: "111122223333", zones: ZONES, offered: ZONES, image: "ami-1" },
  type: { vcpus: 2, architectures: ["x86_64"], spot: true },
  quotas: { onDemandVcpus: 32, spotVcpus: 32, addresses: 5, vpcs: 5 },
  used: { onDemandVcpus: 4, spotVcpus: 0, addresses: 0, vpcs: 1 },
  ...{ vpcs: [{ id: "vpc-9", cidr: "172.31.0.0/16" }], unseen: {} },
};
const WISH = { placement: placement(), instanceType: "t3.small", spot: false, balanced: false };
const judge = (facts: Partial<AwsFacts>, wish: Partial<typeof WISH> = {}) =>
  accountProblems({ ...FACTS, ...facts }, { ...WISH, ...wish }).map(describeProblem);

const more = (service: string, code: string, value: number) =>
  `make the lab smaller, remove what nobody needs, or ask AWS for more: \`aws service-quotas request-service-quota-increase --region eu-central-1 --service-code ${service} --quota-code ${code} --desired-value ${value}\``;
const quota = (what: string, rest: string) =>
  `the quota of ${what} of the AWS account 111122223333 in eu-central-1: got ${rest}`;

describe("an account that can have the lab", () => {
  test("is told nothing, also where its quota is just enough", () => {
    expect(judge({})).toEqual([]);
    expect(judge({ quotas: { ...FACTS.quotas, onDemandVcpus: 14, vpcs: 2 } })).toEqual([]);
    expect(accountWarnings(FACTS, WISH)).toEqual([]);
  });

  test("is asked for a load balancer only where there is to be one", () => {
    const full = { quotas: { balancers: 50 }, used: { balancers: 50 } };
    expect(judge(full)).toEqual([]);
    expect(judge(full, { balanced: true })).toEqual([
      quota(
        "network load balancers",
        `1 for this lab beside 50 of others, need at most 50 together; ${more("elasticloadbalancing", "L-69A177A2", 51)}`,
      ),
    ]);
  });

  test("is not refused for what was not seen", () => {
    const blind: AwsFacts = { account: "111122223333", quotas: {}, used: {}, unseen: {} };
    expect(accountProblems(blind, { ...WISH, spot: true })).toEqual([]);
  });
});

describe("an account that cannot have the lab is told", () => {
  test.each<[string, Partial<AwsFacts>, Partial<typeof WISH>, string[]]>([
    [
      "of a region with too few zones",
      { zones: ZONES.slice(0, 2), offered: ZONES.slice(0, 2) },
      {},
      [
        "swarm-lab:zones[2]: got c, and the account has no zone eu-central-1c, need one of the 2 that eu-central-1 has for it (a, b); choose among them, or a region with more in swarm-lab:aws.region",
      ],
    ],
    [
      "of a type that a zone does not offer",
      { offered: ZONES.slice(1) },
      {},
      [
        "swarm-lab:aws.instanceType: got t3.small, which eu-central-1a does not offer, need a type that every zone of the lab offers (this one: eu-central-1b, eu-central-1c); choose another type, or leave that zone out of swarm-lab:zones",
      ],
    ],
    [
      "of a type that the region does not have, and no more of it",
      { type: null, offered: [] },
      { instanceType: "t9.small" },
      [
        "swarm-lab:aws.instanceType: got t9.small, which eu-central-1 does not have, need a type that the region has; `aws ec2 describe-instance-types --region eu-central-1` lists them",
      ],
    ],
    [
      "of a type whose name misleads about its processors",
      { type: { vcpus: 2, architectures: ["arm64"], spot: true } },
      {},
      [
        "swarm-lab:aws.instanceType: got t3.small, whose processors are arm64, need one with x86_64, as its name says; choose another type",
      ],
    ],
    [
      "of a type that is not sold as a spot instance",
      { type: { vcpus: 2, architectures: ["x86_64"], spot: false } },
      { spot: true },
      [
        "swarm-lab:aws.workers: got spot, and AWS sells no t3.small as a spot instance, need on-demand with this type; set it to on-demand, or choose another type",
      ],
    ],
    [
      "of too few vCPUs",
      { used: { onDemandVcpus: 23 } },
      {},
      [
        `${quota("vCPUs of on-demand instances", "10 for this lab beside 23 of others, need at most 32 together")}; ${more("ec2", "L-1216C47A", 33)}`,
      ],
    ],
    [
      "of too few vCPUs of spot instances, which only workers are",
      { quotas: { onDemandVcpus: 6, spotVcpus: 3 }, used: {} },
      { spot: true },
      [
        `${quota("vCPUs of spot instances", "4 for this lab beside 0 of others, need at most 3 together")}; ${more("ec2", "L-34B43A08", 4)}`,
      ],
    ],
    [
      "of too few addresses",
      { used: { addresses: 1 } },
      {},
      [
        `${quota("Elastic IP addresses", "5 for this lab beside 1 of others, need at most 5 together")}; ${more("ec2", "L-0263D0A3", 6)}`,
      ],
    ],
    [
      "of one VPC too many",
      { used: { vpcs: 5 } },
      {},
      [
        `${quota("VPCs", "1 for this lab beside 5 of others, need at most 5 together")}; ${more("vpc", "L-F678F1CE", 6)}`,
      ],
    ],
    [
      "of an image that there is not",
      { image: null },
      {},
      [
        "swarm-lab:aws.region: got eu-central-1, for which Debian publishes no image of Debian 13 for amd64, need a region with one, as restores need the same engine everywhere; choose another region, or a type with other processors",
      ],
    ],
  ])("%s", (_, facts, wish, sentences) => {
    expect(judge(facts, wish)).toEqual(sentences);
  });

  test("of everything at once", () => {
    const facts = { zones: ZONES.slice(0, 2), image: null, used: { addresses: 5, vpcs: 5 } };
    expect(judge(facts)).toHaveLength(4);
  });
});

test("quotas of standard families say nothing of a type with quotas of its own", () => {
  const quotas = { onDemandVcpus: 0, spotVcpus: 0 };
  expect(
    judge(
      { quotas, type: { vcpus: 8, architectures: ["x86_64"], spot: true } },
      { instanceType: "g4dn.xlarge" },
    ),
  ).toEqual([]);
});

test("a lab without workers needs no spot instance", () => {
  const type = { vcpus: 2, architectures: ["x86_64"], spot: false };
  const wish = { spot: true, placement: placement(["a"], 0) };
  expect(judge({ type, quotas: { spotVcpus: 0 } }, wish)).toEqual([]);
});

test("a range that another VPC has, and what could not be seen, are warned of", () => {
  const vpcs = [...(FACTS.vpcs ?? []), { id: "vpc-1", cidr: "10.20.128.0/20" }];
  const unseen = { "service-quotas get-service-quota": "the credentials may not ask it" };
  expect(accountWarnings({ ...FACTS, vpcs, unseen }, WISH)).toEqual([
    "swarm-lab:network.subnet: got 10.20.0.0/16, and another VPC of the account (vpc-1) has 10.20.128.0/20, need a range of its own, should the two ever be connected; set another before the lab is made, if so: it cannot be changed later",
    "the preflight: got no answer to `aws service-quotas get-service-quota`: the credentials may not ask it, need one, for what AWS would refuse to be known before",
  ]);
});
