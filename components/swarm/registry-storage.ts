/** What the registry's service is made of, by where its images are. */
import type * as pulumi from "@pulumi/pulumi";
import { LABEL_REGISTRY } from "../nodes/plan.ts";
import { REGISTRY_PORT } from "./ports.ts";
import { secretPath } from "./registry-config.ts";
import type { SwarmServiceArgs } from "./service.ts";
import { OWN_SERVICE } from "./service-spec.ts";

/** Where the images are: on a volume of the one node that runs the registry, or in a bucket that all replicas share. */
export type RegistryStorage =
  | { readonly kind: "volume"; readonly volume: string }
  | {
      readonly kind: "s3";
      readonly region: string;
      readonly bucket: pulumi.Input<string>;
      readonly replicas: number;
    };

export type RegistryParts = Pick<SwarmServiceArgs, "spec" | "ports" | "mounts" | "onHost">;

const SPEC = { ...OWN_SERVICE, constraints: [`node.labels.${LABEL_REGISTRY}==true`] };

/** One task beside its volume, its port published in host mode: that works on kernels without IPVS. */
const onVolume = (lab: string, volume: string): RegistryParts => ({
  spec: {
    ...SPEC,
    env: {
      REGISTRY_HTTP_ADDR: `:${REGISTRY_PORT}`,
      REGISTRY_HTTP_TLS_CERTIFICATE: secretPath("cert"),
      REGISTRY_HTTP_TLS_KEY: secretPath("key"),
      REGISTRY_AUTH: "htpasswd",
      REGISTRY_AUTH_HTPASSWD_REALM: `Swarm Lab ${lab}`,
      REGISTRY_AUTH_HTPASSWD_PATH: secretPath("htpasswd"),
      REGISTRY_STORAGE_DELETE_ENABLED: "true",
    },
  },
  ports: [{ target: REGISTRY_PORT, published: REGISTRY_PORT, publishMode: "host" }],
  mounts: [{ type: "volume", source: volume, target: "/var/lib/registry", readOnly: false }],
});

/** Debian's own, kept up to date with the node: the registry's image has no certificates of authorities. */
const AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * One task on each of so many nodes, on the node's own network. The credentials of an instance travel one hop, which keeps
 * them from every task behind a bridge: the registry alone is where they arrive. Its configuration is a file, for the secret in it.
 */
const onS3 = (replicas: number): RegistryParts => ({
  spec: {
    ...{ ...SPEC, replicas, maxReplicasPerNode: 1, spread: ["node.labels.zone"] },
    args: ["serve", secretPath("config")],
  },
  ...{ onHost: true, ports: [] },
  mounts: [{ type: "bind", source: AUTHORITIES, target: AUTHORITIES, readOnly: true }],
});

/** The parts of the registry's service that its storage decides. */
export const partsFor = (lab: string, storage: RegistryStorage): RegistryParts =>
  storage.kind === "volume" ? onVolume(lab, storage.volume) : onS3(storage.replicas);
