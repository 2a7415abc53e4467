/** Machines that the lab makes on AWS, for provider aws. */
import { z } from "zod";
import { bucketName } from "./bucket-name.ts";
import { clientNetwork, clientNetworkNeed } from "./client-network.ts";
import { choice, flag, matching, named, section, whole } from "./leaves.ts";
import { loadBalancer } from "./load-balancer.ts";
import { duration, size } from "./quantities.ts";

const instanceType = () =>
  matching(
    /^[a-z][a-z0-9-]*\.(\d+xlarge|[a-z]+)$/,
    'an instance type such as "t3.small"',
    "instance type",
  );

const SSH = clientNetworkNeed('"closed" or ');
const ssh = z
  .union([z.literal("closed"), clientNetwork(SSH)], SSH)
  .meta({ title: '"closed" or CIDR' })
  .default("closed");

const PRICE = "a price in US dollars, from 0 to 1000";
const price = () => z.number(PRICE).min(0, PRICE).max(1000, PRICE).meta({ title: "US dollars" });
const byType = () => named(instanceType(), price(), "instance types to prices");

const prices = section({
  asOf: matching(/^\d{4}-\d\d-\d\d$/, 'a day such as "2026-01-31"', "day")
    .optional()
    .describe("The day on which these prices were read"),
  instanceHour: byType().default({}).describe("One instance on demand, an hour, by type"),
  spotHour: byType().default({}).describe("One spot instance, an hour, by type"),
  diskGibMonth: price().optional().describe("One GiB of a gp3 disk, a month"),
  publicIpv4Hour: price()
    .optional()
    .describe("One public IPv4 address, an hour; left out: what AWS announced for 2024-02-01"),
  loadBalancerHour: price().optional().describe("One network load balancer, an hour"),
}).prefault({});

const days = (most: number) => whole(1, most, `days, from 1 to ${most}`);

const bucket = section({
  name: bucketName.describe("Name of the bucket; no other bucket of anybody has it"),
  oldVersionDays: days(3650)
    .default(30)
    .describe("Days for which what was deleted or overwritten in it is kept"),
  lockDays: days(36_500)
    .optional()
    .describe(
      "Days for which a version can be deleted only with s3:BypassGovernanceRetention; left out: no lock",
    ),
});

export const aws = section({
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as "eu-central-1"', "region")
    .optional()
    .describe("Region of provider aws, which needs it; each of zones is the letter of one of its"),
  instanceType: instanceType().default("t3.small").describe("Type of every instance"),
  disk: size("8GiB").prefault("20GiB").describe("Size of each node's disk"),
  workers: choice(["on-demand", "spot"])
    .default("on-demand")
    .describe("How workers are bought; managers are never spot instances"),
  protected: flag()
    .default(false)
    .describe(
      "Whether instances refuse to be terminated, and `down` to begin, until this is false again",
    ),
  lifetime: duration("1h")
    .prefault("24h")
    .describe(
      "How long the lab is meant to live, from its first `up`: its end is a tag on everything, and is told once it is past",
    ),
  ssh: ssh.describe("The one network outside from which SSH is open; closed: none is"),
  bucket: bucket
    .optional()
    .describe("A bucket for backups, which outlives the lab; left out: none is made"),
  loadBalancer: loadBalancer
    .optional()
    .describe(
      "A network load balancer in front of what services publish; left out: none, which costs nothing",
    ),
  prices,
}).prefault({});
