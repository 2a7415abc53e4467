import { describe, expect, test } from "vitest";
import {
  offeredIn,
  othersAddresses,
  othersBalancers,
  othersVcpus,
  othersVpcs,
  parameterIn,
  quotaIn,
  typeIn,
  zonesIn,
} from "../../components/nodes/aws/facts.ts";
import { isStandard } from "../../components/nodes/aws/quotas.ts";

const own = [{ Key: "swarm-lab.lab", Value: "dev" }];
const others = [{ Key: "swarm-lab.lab", Value: "dev2" }];

describe("what AWS answers of an account", () => {
  test("tells the zones that are open to it, and no local ones", () => {
    const zone = (ZoneName: string, more: object = {}) => ({
      ...{ ZoneName, State: "available", ZoneType: "availability-zone" },
      ...{ OptInStatus: "opt-in-not-required", RegionName: "eu-central-1" },
      ...more,
    });
    const AvailabilityZones = [
      zone("eu-central-1a"),
      zone("eu-central-1b", { State: "impaired" }),
      zone("eu-central-1-ham-1a", { ZoneType: "local-zone", OptInStatus: "opted-in" }),
      zone("eu-central-1c", { OptInStatus: "not-opted-in" }),
      { ZoneName: "eu-central-1d", State: "available" },
    ];
    expect(zonesIn({ AvailabilityZones })).toEqual(["eu-central-1a", "eu-central-1d"]);
  });

  test("tells the network load balancers of others, and no other kinds", () => {
    const balancer = (LoadBalancerName: string, Type = "network") => ({ LoadBalancerName, Type });
    const LoadBalancers = [balancer("own"), balancer("theirs"), balancer("web", "application")];
    expect(othersBalancers({ LoadBalancers }, "own")).toBe(1);
    expect(othersBalancers({ LoadBalancers: [] }, "own")).toBe(0);
    expect(() => othersBalancers({}, "own")).toThrow();
  });

  test("tells where a type is offered, and what it is", () => {
    const offers = [{ InstanceType: "t4g.small", LocationType: "x", Location: "eu-central-1b" }];
    expect(offeredIn({ InstanceTypeOfferings: offers })).toEqual(["eu-central-1b"]);
    const type = (classes: readonly string[]) =>
      typeIn({
        InstanceTypes: [
          {
            VCpuInfo: { DefaultVCpus: 2, DefaultCores: 2 },
            ProcessorInfo: { SupportedArchitectures: ["arm64"] },
            SupportedUsageClasses: classes,
          },
        ],
      });
    const facts = { vcpus: 2, architectures: ["arm64"] };
    expect(type(["on-demand", "spot"])).toEqual({ ...facts, spot: true });
    expect(type(["on-demand"])).toEqual({ ...facts, spot: false });
    expect(typeIn({ InstanceTypes: [] })).toBeNull();
  });

  test("tells what others use, this lab's own left out", () => {
    const Addresses = [{ Tags: own }, { Tags: others }, {}];
    expect(othersAddresses({ Addresses }, "dev")).toBe(2);
    const vpc = (VpcId: string, Tags: object) => ({ VpcId, CidrBlock: "10.20.0.0/16", Tags });
    expect(othersVpcs({ Vpcs: [vpc("vpc-1", own), vpc("vpc-2", others)] }, "dev")).toEqual([
      { id: "vpc-2", cidr: "10.20.0.0/16" },
    ]);
  });

  test("tells the vCPUs of others, spot instances and families with quotas of their own apart", () => {
    const instance = (InstanceType: string, CoreCount: number, more: object = {}) => ({
      ...{ InstanceType, CpuOptions: { CoreCount, ThreadsPerCore: 2 }, Tags: others },
      ...more,
    });
    const Reservations = [
      { Instances: [instance("m5.large", 1), instance("t3.small", 1, { Tags: own })] },
      { Instances: [instance("c5.xlarge", 2, { InstanceLifecycle: "spot" })] },
      { Instances: [instance("p3.2xlarge", 4), { InstanceType: "t1.micro" }] },
    ];
    expect(othersVcpus({ Reservations }, "dev")).toEqual({ onDemandVcpus: 2, spotVcpus: 4 });
  });

  test("tells a quota and a parameter by their values", () => {
    expect(quotaIn({ Quota: { QuotaCode: "L-1216C47A", Value: 32.0 } })).toBe(32);
    expect(parameterIn({ Parameter: { Name: "/x", Value: "ami-1" } })).toBe("ami-1");
  });

  test.each([
    ["zones", zonesIn],
    ["offerings", offeredIn],
    ["types", typeIn],
    ["quotas", quotaIn],
    ["parameters", parameterIn],
    ["addresses", (answer: unknown) => othersAddresses(answer, "dev")],
    ["VPCs", (answer: unknown) => othersVpcs(answer, "dev")],
    ["instances", (answer: unknown) => othersVcpus(answer, "dev")],
  ])("tells nothing of %s when it reads another way", (_, read) => {
    expect(() => read({})).toThrow(/invalid/i);
  });
});

test.each([
  ...[
    ["t3.small", true] as const,
    ["im4gn.large", true] as const,
    ["is4gen.medium", true] as const,
  ],
  ...[["a1.medium", true] as const, ["z1d.large", true] as const, ["i4i.large", true] as const],
  ...[["inf1.xlarge", false] as const, ["trn1.2xlarge", false] as const],
  ...[["dl1.24xlarge", false] as const, ["mac1.metal", false] as const],
  ...[
    ["hpc6a.48xlarge", false] as const,
    ["g5g.xlarge", false] as const,
    ["x1.16xlarge", false] as const,
  ],
])("%s is counted by the quotas of standard families: %s", (type, standard) => {
  expect(isStandard(type)).toBe(standard);
});
