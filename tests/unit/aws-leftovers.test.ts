import { describe, expect, test } from "vitest";
import {
  describeThing,
  type LeftoverAnswers,
  leftoversIn,
} from "../../components/nodes/aws/leftovers.ts";

const arn = (rest: string) => `arn:aws:ec2:eu-central-1:111122223333:${rest}`;
const tagged = (...resources: readonly (readonly [string, string?])[]) => ({
  ResourceTagMappingList: resources.map(([rest, name]) => ({
    ResourceARN: rest.startsWith("arn:") ? rest : arn(rest),
    Tags: [
      { Key: "swarm-lab.lab", Value: "dev" },
      ...(name === undefined ? [] : [{ Key: "Name", Value: name }]),
    ],
  })),
});
const instances = (...states: readonly (readonly [string, string])[]) => ({
  Reservations: states.map(([InstanceId, Name]) => ({
    Instances: [{ InstanceId, State: { Code: 0, Name }, Tags: [{ Key: "Name", Value: "dev-m1" }] }],
  })),
});
const global = (kind: "role" | "instance-profile", name: string, lab = "dev") => ({
  Arn: `arn:aws:iam::111122223333:${kind}/swarm-lab/${lab}/${name}`,
  Path: `/swarm-lab/${lab}/`,
});
const NOTHING: LeftoverAnswers = {
  tagged: tagged(),
  instances: instances(),
  roles: { Roles: [] },
  profiles: { InstanceProfiles: [] },
};
const left = (answers: Partial<LeftoverAnswers> = {}) =>
  leftoversIn("dev", { ...NOTHING, ...answers }).map(describeThing);

const elb = (rest: string) => `arn:aws:elasticloadbalancing:eu-central-1:111122223333:${rest}`;

describe("what is left of a lab on AWS", () => {
  test("has the load balancer before what it uses", () => {
    const found = left({
      tagged: tagged(
        ["security-group/sg-1"],
        [elb("targetgroup/lab-dev-app-1/73e2")],
        [elb("loadbalancer/net/lab-dev-2/50dc")],
        [elb("listener/net/lab-dev-2/50dc/f2f7")],
      ),
    });
    expect(found).toEqual([
      "listener net/lab-dev-2/50dc/f2f7",
      "loadbalancer net/lab-dev-2/50dc",
      "targetgroup lab-dev-app-1/73e2",
      "security-group sg-1",
    ]);
  });

  test("is nothing where all answers are empty, or not even that", () => {
    expect(left()).toEqual([]);
    expect(leftoversIn("dev", { tagged: {}, instances: {}, roles: {}, profiles: {} })).toEqual([]);
  });

  test("is told in the order in which it can be deleted, what nobody foresaw first", () => {
    const found = tagged(
      ...([["vpc/vpc-1", "dev-vpc"], ["security-group/sg-1"], ["subnet/subnet-1"]] as const),
      ...([["elastic-ip/eipalloc-1"], ["internet-gateway/igw-1"], ["volume/vol-1"]] as const),
      ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/net/dev/1"],
      ["arn:aws:s3:::dev-backups"],
    );
    expect(
      left({
        tagged: found,
        instances: instances(["i-1", "running"]),
        roles: { Roles: [global("role", "r")] },
        profiles: { InstanceProfiles: [global("instance-profile", "p")] },
      }),
    ).toEqual([
      ...["s3 dev-backups", "loadbalancer net/dev/1"],
      ...["instance i-1 (dev-m1), running", "elastic-ip eipalloc-1", "volume vol-1"],
      ...[
        "security-group sg-1",
        "subnet subnet-1",
        "internet-gateway igw-1",
        "vpc vpc-1 (dev-vpc)",
      ],
      ...["instance-profile swarm-lab/dev/p", "role swarm-lab/dev/r"],
    ]);
  });

  test("are no instances that are terminated, and all others, whatever the list of tags says of them", () => {
    const found = tagged(["instance/i-1"], ["instance/i-2"], ["instance/i-3"]);
    const seen = instances(["i-1", "terminated"], ["i-2", "shutting-down"], ["i-9", "pending"]);
    expect(left({ tagged: found, instances: seen })).toEqual([
      "instance i-2 (dev-m1), shutting-down",
      "instance i-9 (dev-m1), pending",
    ]);
  });

  test("is told once, and is no other lab's", () => {
    const profile = global("instance-profile", "p");
    const roles = { Roles: [global("role", "r"), global("role", "r", "dev2")] };
    const profiles = { InstanceProfiles: [profile] };
    expect(left({ tagged: tagged([profile.Arn]), roles, profiles })).toEqual([
      "instance-profile swarm-lab/dev/p",
      "role swarm-lab/dev/r",
    ]);
  });

  test("is not guessed from what is no answer", () => {
    expect(() => left({ tagged: { ResourceTagMappingList: [{ Arn: "x" }] } })).toThrow(/invalid/i);
    expect(() => left({ roles: [] })).toThrow(/invalid/i);
  });
});
