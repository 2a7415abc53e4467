import type { GivenPrices } from "../../components/nodes/aws/prices.ts";

/** Machines that the lab makes on AWS. */
export interface AwsSettings {
  /** Absent only where the provider is another one. */
  readonly region?: string;
  readonly instanceType: string;
  /** Size of each node's disk, whole GiB. */
  readonly diskGib: number;
  readonly workers: "on-demand" | "spot";
  /** Whether instances refuse to be terminated. */
  readonly protected: boolean;
  /** How long the lab is meant to live, at least an hour. */
  readonly lifetime: string;
  /** IPv4 CIDR from which SSH is open; absent: none. */
  readonly ssh?: string;
  /** The bucket for backups; absent: none is made. */
  readonly bucket?: BucketSettings;
  /** What is in front of the services' ports; absent: nothing. */
  readonly loadBalancer?: LoadBalancerSettings;
  readonly prices: GivenPrices;
}

export interface LoadBalancerSettings {
  /** IPv4 CIDR from which it is reached. */
  readonly clients: string;
  /** Ports that everybody may reach, as `service.target`. */
  readonly everybody: readonly string[];
  /** Whether the registry is behind it too. */
  readonly registry: boolean;
}

export interface BucketSettings {
  readonly name: string;
  /** Days for which old versions are kept. */
  readonly oldVersionDays: number;
  /** Days for which a version is locked; absent: none. */
  readonly lockDays?: number;
}
