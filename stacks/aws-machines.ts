import type * as pulumi from "@pulumi/pulumi";
import { AwsBackupBucket } from "../components/nodes/aws/bucket.ts";
import { AwsNodes } from "../components/nodes/aws/nodes.ts";
import { AwsRegistryBucket } from "../components/nodes/aws/registry-bucket.ts";
import type { BuildGround } from "../components/nodes/build.ts";
import type { RegistryStorage } from "../components/swarm/registry-storage.ts";
import { entrancesOf, listenersOf } from "./aws-front.ts";
import type { AwsGround } from "./aws-ground.ts";
import type { LabConfig } from "./config/resolved.ts";
import type { Provided, ProvideRequest } from "./provided.ts";
import { REGISTRY_ADDRESS } from "./registry-name.ts";

/** The bucket of the registry's images, where they are not on a volume. It goes with the lab. */
function registryStorage(
  { lab, labels, registry }: LabConfig,
  { placement: { region }, registryBucket, lifetime }: AwsGround,
  opts: pulumi.ComponentResourceOptions,
): RegistryStorage | undefined {
  if (registryBucket === undefined) return undefined;
  const args = { lab, region, bucket: registryBucket, lifetime, labels };
  const { bucketName } = new AwsRegistryBucket("registry-images", args, opts);
  return { kind: "s3", region, bucket: bucketName, replicas: registry.replicas };
}

/** The bucket for backups that the configuration names: made where the stack owns it, and else used as it is. */
function backupBucket(
  { lab, labels, aws }: LabConfig,
  { placement: { region }, ownsBucket }: AwsGround,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Input<string> | undefined {
  if (aws.bucket === undefined) return undefined;
  const { name: bucket, ...settings } = aws.bucket;
  if (!ownsBucket) return bucket;
  return new AwsBackupBucket("backups", { lab, region, bucket, ...settings, labels }, opts)
    .bucketName;
}

/** What a lab has on AWS: its nodes, what is in front of them, and its buckets. */
export function createOnAws(
  config: LabConfig,
  ground: AwsGround & Pick<BuildGround, "engine">,
  { credentials, needs }: ProvideRequest,
  opts: pulumi.ComponentResourceOptions,
): Provided {
  const { lab, aws, network, labels } = config;
  const { instanceType, diskGib, ssh } = aws;
  const { placement, lifetime, registryBucket, engine } = ground;
  const nodes = new AwsNodes(
    "nodes",
    {
      ...{ lab, engine, placement, lifetime, credentials, needs, labels },
      ...{ registry: REGISTRY_ADDRESS, instanceType, diskGib, protected: aws.protected },
      spot: aws.workers === "spot",
      dataPathPort: network.dataPathPort,
      listeners: listenersOf(config, placement),
      ...(registryBucket === undefined ? {} : { registryBucket }),
      ...(ssh === undefined ? {} : { ssh }),
    },
    opts,
  );
  const storage = registryStorage(config, ground, opts);
  const bucket = backupBucket(config, ground, opts);
  return {
    nodes,
    ...(storage === undefined ? {} : { storage }),
    outputs: {
      machines: nodes.machines,
      ...(nodes.front && { entrances: entrancesOf(config, nodes.front) }),
      ...(bucket === undefined ? {} : { bucket }),
    },
  };
}
