import type * as pulumi from "@pulumi/pulumi";
import { AwsBackupBucket } from "../components/nodes/aws/bucket.ts";
import { AwsNodes } from "../components/nodes/aws/nodes.ts";
import { AwsRegistryBucket } from "../components/nodes/aws/registry-bucket.ts";
import { entrancesOf, listenersOf } from "./aws-front.ts";
import type { AwsGround } from "./aws-ground.ts";
import type { LabConfig } from "./config/resolved.ts";

/** What stands with provider aws so far. */
export interface AwsMachines {
  readonly machines: AwsNodes["machines"];
  /** What is opened at the load balancer, where there is one. */
  readonly entrances?: ReturnType<typeof entrancesOf>;
  /** Name of the bucket for backups. */
  readonly bucket?: pulumi.Input<string>;
}

/** The machines, their network and what they may do, and no swarm on them; and the bucket for backups. */
export function createAwsMachines(config: LabConfig, ground: AwsGround): AwsMachines {
  const { lab, aws, network, labels } = config;
  const { instanceType, diskGib, ssh, bucket } = aws;
  const { placement, lifetime, registryBucket } = ground;
  const { region } = placement;
  const { machines, entrance } = new AwsNodes("nodes", {
    ...{ lab, placement, lifetime, instanceType, diskGib, labels },
    ...{
      spot: aws.workers === "spot",
      protected: aws.protected,
      dataPathPort: network.dataPathPort,
      listeners: listenersOf(config, placement),
    },
    ...(registryBucket === undefined ? {} : { registryBucket }),
    ...(ssh === undefined ? {} : { ssh }),
  });
  if (registryBucket !== undefined) {
    const images = { lab, region, bucket: registryBucket, lifetime, labels };
    new AwsRegistryBucket("registry-images", images);
  }
  const made = { machines, ...(entrance && { entrances: entrancesOf(config, entrance) }) };
  if (bucket === undefined) return made;
  if (!ground.ownsBucket) return { ...made, bucket: bucket.name };
  const { name, ...settings } = bucket;
  const backups = new AwsBackupBucket("backups", {
    lab,
    region,
    bucket: name,
    ...settings,
    labels,
  });
  return { ...made, bucket: backups.bucketName };
}
