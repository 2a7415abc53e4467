/** What is left of a lab on AWS: parsing the answers of AWS, and judging them. Nothing here asks. */
import { z } from "zod";
import { iamPath, TAG_KEPT } from "./tags.ts";

/** A thing on AWS that is the lab's. */
export interface AwsThing {
  /** As ARNs have it, such as `instance`, `elastic-ip` or `vpc`. */
  readonly kind: string;
  readonly id: string;
  /** The text of its Name tag, where there is one. */
  readonly name?: string;
  /** Of an instance: what EC2 says of it. */
  readonly state?: string;
  /** What is in it that is to outlive the lab. */
  readonly kept?: string;
}

/** Answers of `aws`, as JSON. */
export interface LeftoverAnswers {
  /** `resourcegroupstaggingapi get-resources`, by the lab's tag. */
  readonly tagged: unknown;
  /** `ec2 describe-instances`, by the same. */
  readonly instances: unknown;
  /** `iam list-roles` and `iam list-instance-profiles`, by the lab's path. */
  readonly roles: unknown;
  readonly profiles: unknown;
}

const Tags = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);
const Tagged = z.object({
  ResourceTagMappingList: z.array(z.object({ ResourceARN: z.string(), Tags })).default([]),
});
const Instance = z.object({
  InstanceId: z.string(),
  State: z.object({ Name: z.string() }),
  Tags,
});
const Instances = z.object({
  Reservations: z.array(z.object({ Instances: z.array(Instance) })).default([]),
});
const named = z.object({ Arn: z.string(), Path: z.string() });
const Roles = z.object({ Roles: z.array(named).default([]) });
const Profiles = z.object({ InstanceProfiles: z.array(named).default([]) });

/** Kind and id out of `arn:partition:service:region:account:kind/id`; a bucket's has no kind: the service's name is it. */
function partsOf(arn: string): Pick<AwsThing, "kind" | "id"> {
  const [, , service = "", , , ...rest] = arn.split(":");
  const [, kind = service, id = ""] = /^(?:([\w-]+)[/:])?(.*)$/.exec(rest.join(":")) ?? [];
  return { kind, id };
}

function tagsIn(tags: z.infer<typeof Tags>): Pick<AwsThing, "name" | "kept"> {
  const text = (key: string) => tags.find(({ Key }) => Key === key)?.Value;
  const [name, kept] = [text("Name"), text(TAG_KEPT)];
  return { ...(name === undefined ? {} : { name }), ...(kept === undefined ? {} : { kept }) };
}

/**
 * The order in which AWS lets them be deleted. What is not here goes first: it may hold on to any of these, and none of these
 * to it.
 */
const ORDER = [
  ...["listener", "loadbalancer", "targetgroup"],
  ...[
    "instance",
    "elastic-ip",
    "network-interface",
    "volume",
    "security-group-rule",
    "security-group",
  ],
  ...["subnet", "route-table", "internet-gateway", "vpc", "instance-profile", "role"],
];

/**
 * Everything of the lab that is there, in the order in which it can be deleted. Of instances EC2's own word counts: in AWS's
 * list of tags they appear late, and stay for an hour or so after they were terminated. Throws for what is no such answer.
 */
export function leftoversIn(lab: string, answers: LeftoverAnswers): AwsThing[] {
  const reservations = Instances.parse(answers.instances).Reservations;
  const instances = reservations
    .flatMap((each) => each.Instances)
    .filter(({ State }) => State.Name !== "terminated")
    .map(({ InstanceId: id, State, Tags: tags }) => ({
      ...{ kind: "instance", id, state: State.Name },
      ...tagsIn(tags),
    }));
  const tagged = Tagged.parse(answers.tagged)
    .ResourceTagMappingList.map(({ ResourceARN, Tags: tags }) => ({
      ...partsOf(ResourceARN),
      ...tagsIn(tags),
    }))
    .filter(({ kind }) => kind !== "instance");
  const roles = Roles.parse(answers.roles).Roles;
  const profiles = Profiles.parse(answers.profiles).InstanceProfiles;
  const global = [...roles, ...profiles]
    .filter(({ Path }) => Path === iamPath(lab))
    .map(({ Arn }) => partsOf(Arn));
  const all: readonly AwsThing[] = [...global, ...instances, ...tagged];
  const rank = ({ kind }: AwsThing) => ORDER.indexOf(kind);
  return [...new Map(all.map((thing) => [`${thing.kind}/${thing.id}`, thing])).values()].sort(
    (a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1),
  );
}

/** One thing as a person reads it: `instance i-0abc (dev-m1), running`. */
export function describeThing({ kind, id, name, state }: AwsThing): string {
  const called = name === undefined ? "" : ` (${name})`;
  return `${kind} ${id}${called}${state === undefined ? "" : `, ${state}`}`;
}
