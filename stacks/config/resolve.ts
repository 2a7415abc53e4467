import type { Contents } from "./contents.ts";
import { goDuration, milliseconds } from "./duration.ts";
import type { LabConfig } from "./resolved.ts";
import type { AwsSettings, BucketSettings } from "./resolved-aws.ts";
import type {
  ConfigUse,
  Healthcheck,
  Resources,
  SecretUse,
  ServiceSettings,
} from "./resolved-service.ts";
import type { ServiceInput, Settings } from "./schema.ts";

/** Docker's own, and the floor of the lab's default. */
const SHORTEST_MONITOR = milliseconds("5s");

/** Fills in what depends on other settings, so that nothing is left to guess. */
export function resolveSettings(lab: string, settings: Settings, contents: Contents): LabConfig {
  const { overlays, encryption } = settings.network;
  const { memory, ...nodes } = settings.nodes;
  return {
    ...settings,
    ...hostSettings(settings),
    aws: awsSettings(settings),
    lab,
    nodes: { ...nodes, ...(memory === undefined ? {} : { memoryBytes: memory }) },
    network: {
      ...settings.network,
      overlays: mapValues(overlays, (overlay) => ({ encryption, ...overlay })),
    },
    secrets: contents.secrets,
    configs: contents.configs,
    services: mapValues(settings.services, (service) =>
      resolveService(service, Object.keys(overlays)),
    ),
    composeStacks: contents.composeStacks,
  };
}

/** EC2 sells disks by whole GiB: a part of one is paid for whole. */
function awsSettings({ aws }: Settings): AwsSettings {
  const { region, disk, ssh, prices, bucket, loadBalancer, ...settings } = aws;
  const { asOf, diskGibMonth, publicIpv4Hour, loadBalancerHour, ...byType } = prices;
  return {
    ...settings,
    ...(region === undefined ? {} : { region }),
    diskGib: Math.ceil(disk / 2 ** 30),
    ...(ssh === "closed" ? {} : { ssh }),
    ...(bucket === undefined ? {} : { bucket: bucketSettings(bucket) }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    prices: {
      ...byType,
      ...(asOf === undefined ? {} : { asOf }),
      ...(diskGibMonth === undefined ? {} : { diskGibMonth }),
      ...(publicIpv4Hour === undefined ? {} : { publicIpv4Hour }),
      ...(loadBalancerHour === undefined ? {} : { loadBalancerHour }),
    },
  };
}

function bucketSettings(bucket: NonNullable<Settings["aws"]["bucket"]>): BucketSettings {
  const { lockDays, ...settings } = bucket;
  return { ...settings, ...(lockDays === undefined ? {} : { lockDays }) };
}

/** With provider hosts the list says how many nodes there are of which role, and which zones. */
function hostSettings({ provider, hosts: given, hostSetup }: Settings) {
  const hosts = given.map(({ ssh, ...host }) => ({ ...host, ssh: ssh ?? host.address }));
  const { version, ...setup } = hostSetup;
  const resolved = {
    hosts,
    hostSetup: { ...setup, ...(version === undefined ? {} : { version }) },
  };
  if (provider !== "hosts") return resolved;
  const managers = hosts.filter(({ role }) => role === "manager").length;
  const zones = [...new Set(hosts.map(({ zone }) => zone))];
  return { ...resolved, managers, workers: hosts.length - managers, zones };
}

function resolveService(service: ServiceInput, overlays: readonly string[]): ServiceSettings {
  const monitor = defaultMonitor(service.healthcheck);
  return {
    ...service,
    replicas: service.replicas ?? 1,
    networks: service.networks ?? overlays.toSorted().slice(0, 1),
    resources: {
      limits: resourcesOf(service.resources.limits),
      reservations: resourcesOf(service.resources.reservations),
    },
    update: { ...service.update, monitor: service.update.monitor ?? monitor },
    rollback: { ...service.rollback, monitor: service.rollback.monitor ?? monitor },
    secrets: service.secrets.map(secretUse),
    configs: service.configs.map(configUse),
  };
}

/** The shortest time in which a task that never gets healthy is found out when its probes fail at once. */
export function timeToUnhealthy(check: Healthcheck): number {
  return milliseconds(check.startPeriod) + milliseconds(check.interval) * check.retries;
}

/** Long enough also when each probe takes all of its time. */
function defaultMonitor(check: Healthcheck | undefined): string {
  if (!check) return goDuration(SHORTEST_MONITOR);
  const hanging = milliseconds(check.timeout) * check.retries;
  return goDuration(timeToUnhealthy(check) + hanging + SHORTEST_MONITOR);
}

function resourcesOf({ cpus, memory }: ServiceInput["resources"]["limits"]): Resources {
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  };
}

const READABLE = 0o444;

function secretUse(use: ServiceInput["secrets"][number]): SecretUse {
  if (typeof use === "string") return { secret: use, target: use, mode: READABLE };
  return { ...use, target: use.target ?? use.secret };
}

function configUse(use: ServiceInput["configs"][number]): ConfigUse {
  if (typeof use === "string") return { config: use, target: `/${use}`, mode: READABLE };
  return { ...use, target: use.target ?? `/${use.config}` };
}

function mapValues<V, W>(
  from: Readonly<Record<string, V>>,
  map: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value)]));
}
