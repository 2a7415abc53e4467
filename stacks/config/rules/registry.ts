import type { Finding } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** What is wrong with where the registry has its images. */
export function registryErrors(config: LabConfig): Finding[] {
  const { provider, registry } = config;
  const { storage, bucket, replicas } = registry;
  const at = (key: string) => ["registry", key];
  if (storage === "s3") {
    if (provider === "aws") return [...roomErrors(config), ...sharedErrors(config)];
    const need = `volume with provider ${provider}: only instances on AWS have credentials for a bucket`;
    const fix = "remove the setting, or set provider to aws";
    return [{ path: at("storage"), value: storage, need, fix }];
  }
  const findings: Finding[] = [];
  if (bucket !== undefined)
    findings.push({
      ...{ path: at("bucket"), value: bucket, need: "nothing with storage volume" },
      fix: "remove the setting, or with provider aws set storage to s3",
    });
  if (replicas > 1)
    findings.push({
      ...{ path: at("replicas"), value: replicas },
      need: "1 with storage volume: the images are on one node",
      fix: "set it to 1, or with provider aws set storage to s3",
    });
  return findings;
}

function roomErrors({ registry, managers, workers, managerAvailability }: LabConfig): Finding[] {
  const [nodes, role] =
    managerAvailability === "active" ? [managers, "managers"] : [workers, "workers"];
  if (!registry.enabled || registry.replicas <= nodes) return [];
  const path = ["registry", "replicas"];
  const need = `at most ${nodes}, as many as there are ${role}: each is on a node of its own`;
  return [{ path, value: registry.replicas, need }];
}

/** The registry's bucket goes with the lab, and all that is in it. */
function sharedErrors({ registry, aws, backup }: LabConfig): Finding[] {
  const { bucket } = registry;
  const others = [aws.bucket?.name, /^s3:\/\/([^/]+)/.exec(backup.directory)?.[1]];
  if (bucket === undefined || !others.includes(bucket)) return [];
  const need = "a bucket apart from that of the backups: it goes with the lab, and all in it";
  return [{ path: ["registry", "bucket"], value: bucket, need, fix: "choose another name" }];
}
