/**
 * What a person may write: the keys of the Pulumi configuration namespace `swarm-lab`, their values,
 * defaults and descriptions. The README's reference and the JSON Schema are made from it.
 */
import { z } from "zod";
import { aws } from "./schema/aws.ts";
import { composeStacks, configs, secrets } from "./schema/contents.ts";
import { hostSetup, hosts } from "./schema/hosts.ts";
import { labelMap } from "./schema/labels.ts";
import { choice, flag, name, section, unique, whole } from "./schema/leaves.ts";
import { network } from "./schema/network.ts";
import { nodes } from "./schema/nodes.ts";
import { backup, drills, restore } from "./schema/operations.ts";
import { services } from "./schema/service.ts";
import { ports, registry, swarm } from "./schema/swarm.ts";

const provider = z
  .literal(["local", "hosts", "aws"], '"local", "hosts" or "aws"')
  .default("local")
  .describe(
    "Where the nodes run. local: containers of this machine's Docker engine; hosts: your own machines, over SSH; aws: EC2",
  );

const managers = z
  .literal([1, 3, 5, 7], {
    error: (issue) => managersNeed(issue.input),
  })
  .default(3)
  .describe("Managers; each keeps a copy of the swarm's state and a majority of them must agree");

function managersNeed(given: unknown): string {
  const need = "1, 3, 5 or 7";
  if (typeof given !== "number" || !Number.isInteger(given) || given < 1) return need;
  if (given > 7)
    return `${need}: each write waits for a majority, so more managers only slow it down; set 7 or fewer`;
  return `${need}: an even number survives no more losses than one manager less; set ${given - 1} or ${given + 1}`;
}

export const schema = section({
  provider,
  managers,
  workers: whole(0, 50).default(2).describe("Workers"),
  zones: unique(name(32), "a list of zone names such as a, b, c")
    .min(1, "at least one zone")
    .max(10, "at most 10 zones")
    .default(["a", "b", "c"])
    .describe("Availability zones; managers and workers are dealt out to them in turn"),
  managerAvailability: choice(["drain", "active", "pause"])
    .default("drain")
    .describe("Whether managers run tasks; drain and pause: none"),
  hosts,
  hostSetup,
  aws,
  expendable: flag().default(false).describe("Whether drills may destroy this lab on purpose"),
  nodes,
  network,
  ports,
  swarm,
  secrets,
  configs,
  registry,
  services,
  composeStacks,
  backup,
  restore,
  drills,
  labels: labelMap().default({}).describe("Labels for everything the lab makes"),
});

/** What the schema makes of a person's settings, before the steps of resolve.ts. */
export type Settings = z.output<typeof schema>;
export type ServiceInput = Settings["services"][string];
