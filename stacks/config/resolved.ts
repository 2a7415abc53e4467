/**
 * The settings of one lab as the program sees them: parsed, defaulted, checked. Nothing here is an
 * Output and nothing is left to guess, except what says "auto": that is settled on the machine, by
 * the preflight (free subnets and ports) or by what the nodes' kernel can do (encryption, VIPs).
 *
 * Durations are Go durations as Go itself prints them ("1m30s", "2160h0m0s"), so that what an engine
 * reads back is what was written. Contents of secrets are plain here: wrap them with
 * `pulumi.secret` before they reach a resource.
 */
import type { AwsSettings } from "./resolved-aws.ts";
import type { HostSettings, HostSetup } from "./resolved-hosts.ts";
import type { Labels, PortChoice, ServiceSettings } from "./resolved-service.ts";

export type Availability = "active" | "pause" | "drain";
export type Encryption = "auto" | "required" | "off";
export type EndpointMode = "auto" | "vip" | "dnsrr";
export type PublishMode = "auto" | "ingress" | "host";
export type Named<T> = Readonly<Record<string, T>>;

export interface LabConfig {
  /** The name of the Pulumi stack; names of everything the lab makes are built from it. */
  readonly lab: string;
  readonly provider: "local" | "hosts" | "aws";
  readonly managers: number;
  readonly workers: number;
  readonly zones: readonly string[];
  /** The machines of provider hosts; empty with any other. `managers`, `workers` and `zones` are theirs then. */
  readonly hosts: readonly HostSettings[];
  readonly hostSetup: HostSetup;
  /** The machines of provider aws. */
  readonly aws: AwsSettings;
  readonly managerAvailability: Availability;
  /** True where drills may destroy the lab on purpose. */
  readonly expendable: boolean;
  readonly nodes: NodeSettings;
  readonly network: NetworkSettings;
  readonly ports: LabPorts;
  readonly swarm: SwarmSettings;
  readonly secrets: Named<SecretSource>;
  readonly configs: Named<ConfigSource>;
  readonly registry: RegistrySettings;
  readonly services: Named<ServiceSettings>;
  readonly composeStacks: Named<ComposeStack>;
  readonly backup: BackupSettings;
  readonly restore: RestoreSettings;
  /** Run ids by drill. */
  readonly drills: Named<string>;
  /** The user's own labels for everything the lab makes. */
  readonly labels: Labels;
}

/** Folders are relative to the project's. */
export interface BackupSettings {
  readonly directory: string;
  readonly keys: string;
  /** Good backups kept; absent: all. */
  readonly keep?: number;
  /** Run id; absent: none is made by `up`. */
  readonly run?: string;
}

export interface RestoreSettings {
  readonly from?: string;
  readonly run?: string;
}

export interface NodeSettings {
  /** Image of the nodes; absent: the lab builds its own. */
  readonly image?: string;
  /** Limit per node; absent: none. */
  readonly memoryBytes?: number;
  readonly cpus?: number;
  /** Further `dockerd` flags, each one word (`--flag` or `--flag=value`). */
  readonly engineFlags: readonly string[];
  /** Swarm node labels by node name. */
  readonly labels: Named<Labels>;
}

export interface NetworkSettings {
  /** IPv4 CIDR of the nodes' own network. */
  readonly subnet: string;
  readonly overlays: Named<OverlaySettings>;
  /** Where swarm takes the subnets of overlays with subnet "auto" and of the ingress network. */
  readonly addressPool: { readonly subnet: string; readonly size: number };
  readonly encryption: Encryption;
  readonly endpointMode: EndpointMode;
  readonly publish: PublishMode;
  /** UDP port of VXLAN. */
  readonly dataPathPort: number;
  readonly mtu?: number;
}

export interface OverlaySettings {
  /** IPv4 CIDR, or "auto": swarm takes one from the address pool. */
  readonly subnet: string;
  readonly attachable: boolean;
  /** The overlay's own choice, or that of the whole network. */
  readonly encryption: Encryption;
}

/** Loopback ports of the gateway. */
export interface LabPorts {
  readonly api: PortChoice;
  readonly registry: PortChoice;
}

export interface SwarmSettings {
  readonly autolock: boolean;
  readonly certExpiry: string;
  readonly taskHistory: number;
  readonly dispatcherHeartbeat: string;
  readonly snapshotInterval: number;
}

/** A secret's content (1 to 511 999 bytes), or the order to make one: a new `version`, a new value. */
export type SecretSource =
  | { readonly kind: "content"; readonly base64: string }
  | { readonly kind: "generate"; readonly length: number; readonly version: number };

/** A config's content, 1 to 1 023 999 bytes. */
export interface ConfigSource {
  readonly base64: string;
}

export interface RegistrySettings {
  readonly enabled: boolean;
  readonly username: string;
  /** Absent: generated. */
  readonly password?: string;
  /** Name of the volume, on the registry's node, that holds the images. */
  readonly volume: string;
  /** Where the images are: on that volume, or on S3 with provider aws. */
  readonly storage: "volume" | "s3";
  /** Name of the bucket; absent: derived. */
  readonly bucket?: string;
  /** Tasks, each on a node of its own; one on a volume. */
  readonly replicas: number;
}

export interface ComposeStack {
  /** Absolute path; paths in the compose file are relative to its folder. */
  readonly file: string;
  /** The file's text, so that a change of it is seen. */
  readonly content: string;
}
