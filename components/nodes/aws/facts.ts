/** What AWS answers of an account and a region, read out of its JSON. Every function throws for what is no such answer. */
import { z } from "zod";
import { LABEL_LAB } from "../../labels.ts";
import { isStandard } from "./quotas.ts";

const Tags = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);
const isOf = (lab: string, tags: z.infer<typeof Tags>) =>
  tags.some(({ Key, Value }) => Key === LABEL_LAB && Value === lab);

const Zones = z.object({
  AvailabilityZones: z.array(
    z.object({
      ...{ ZoneName: z.string(), State: z.string() },
      ...{ ZoneType: z.string().default("availability-zone"), OptInStatus: z.string().optional() },
    }),
  ),
});

/** Names of the availability zones that are open to the account; local zones are none. */
export const zonesIn = (answer: unknown): string[] =>
  Zones.parse(answer)
    .AvailabilityZones.filter(
      ({ State, ZoneType, OptInStatus }) =>
        State === "available" && ZoneType === "availability-zone" && OptInStatus !== "not-opted-in",
    )
    .map(({ ZoneName }) => ZoneName);

const Offerings = z.object({ InstanceTypeOfferings: z.array(z.object({ Location: z.string() })) });

/** Names of the zones in which the type that was asked about is offered. */
export const offeredIn = (answer: unknown): string[] =>
  Offerings.parse(answer).InstanceTypeOfferings.map(({ Location }) => Location);

const Types = z.object({
  InstanceTypes: z.array(
    z.object({
      VCpuInfo: z.object({ DefaultVCpus: z.number() }),
      ProcessorInfo: z.object({ SupportedArchitectures: z.array(z.string()) }),
      SupportedUsageClasses: z.array(z.string()),
    }),
  ),
});

export interface TypeFacts {
  readonly vcpus: number;
  /** As EC2 has them: `x86_64`, `arm64`. */
  readonly architectures: readonly string[];
  /** Whether it is to be had as a spot instance. */
  readonly spot: boolean;
}

/** The type that was asked about; null where the region has none of that name. */
export function typeIn(answer: unknown): TypeFacts | null {
  const [type] = Types.parse(answer).InstanceTypes;
  if (type === undefined) return null;
  return {
    vcpus: type.VCpuInfo.DefaultVCpus,
    architectures: type.ProcessorInfo.SupportedArchitectures,
    spot: type.SupportedUsageClasses.includes("spot"),
  };
}

const QuotaAnswer = z.object({ Quota: z.object({ Value: z.number() }) });
export const quotaIn = (answer: unknown): number => QuotaAnswer.parse(answer).Quota.Value;

const Addresses = z.object({ Addresses: z.array(z.object({ Tags })) });

/** How many Elastic IP addresses are not the lab's. */
export const othersAddresses = (answer: unknown, lab: string): number =>
  Addresses.parse(answer).Addresses.filter(({ Tags: tags }) => !isOf(lab, tags)).length;

const Vpcs = z.object({
  Vpcs: z.array(z.object({ VpcId: z.string(), CidrBlock: z.string(), Tags })),
});

export interface OtherVpc {
  readonly id: string;
  /** Its first IPv4 range. */
  readonly cidr: string;
}

/** The VPCs that are not the lab's. */
export const othersVpcs = (answer: unknown, lab: string): OtherVpc[] =>
  Vpcs.parse(answer)
    .Vpcs.filter(({ Tags: tags }) => !isOf(lab, tags))
    .map(({ VpcId: id, CidrBlock: cidr }) => ({ id, cidr }));

const Balancers = z.object({
  LoadBalancers: z.array(z.object({ LoadBalancerName: z.string(), Type: z.string() })),
});

/** How many network load balancers are not the one of this name. */
export const othersBalancers = (answer: unknown, own: string): number =>
  Balancers.parse(answer).LoadBalancers.filter(
    ({ LoadBalancerName, Type }) => Type === "network" && LoadBalancerName !== own,
  ).length;

const Instances = z.object({
  Reservations: z.array(
    z.object({
      Instances: z.array(
        z.object({
          ...{ InstanceType: z.string(), InstanceLifecycle: z.string().optional(), Tags },
          // EC2 tells them of every instance; one without them would count for nothing.
          CpuOptions: z
            .object({ CoreCount: z.number(), ThreadsPerCore: z.number() })
            .default({ CoreCount: 0, ThreadsPerCore: 0 }),
        }),
      ),
    }),
  ),
});

/** vCPUs of the instances that are not the lab's, of those that were asked for, as far as the quotas count them. */
export function othersVcpus(answer: unknown, lab: string) {
  const instances = Instances.parse(answer)
    .Reservations.flatMap((each) => each.Instances)
    .filter(({ InstanceType, Tags: tags }) => isStandard(InstanceType) && !isOf(lab, tags));
  const sum = (spot: boolean) =>
    instances
      .filter(({ InstanceLifecycle }) => (InstanceLifecycle === "spot") === spot)
      .reduce(
        (all, { CpuOptions: { CoreCount, ThreadsPerCore } }) => all + CoreCount * ThreadsPerCore,
        0,
      );
  return { onDemandVcpus: sum(false), spotVcpus: sum(true) };
}

const Parameter = z.object({ Parameter: z.object({ Value: z.string() }) });
export const parameterIn = (answer: unknown): string => Parameter.parse(answer).Parameter.Value;
