/** What the registry is told where its images are on S3. Rendered as one file, since it holds a secret. */

export interface RegistryConfigRequest {
  readonly lab: string;
  readonly region: string;
  readonly bucket: string;
  /** What replicas sign the state of an upload with: the next request of it may reach another one. */
  readonly httpSecret: string;
  readonly port: number;
}

/** Paths of a registry's secrets within its task. */
export const REGISTRY_FILES = {
  config: "registry.yml",
  cert: "registry.crt",
  key: "registry.key",
  htpasswd: "htpasswd",
} as const;
export const secretPath = (file: keyof typeof REGISTRY_FILES): string =>
  `/run/secrets/${REGISTRY_FILES[file]}`;

/** Everything of the registry is below it in the bucket. */
const FOLDER = "registry";

/**
 * The registry's configuration, as JSON, which is YAML too. It names no key of AWS: without one the driver takes the
 * credentials of the instance's profile. It keeps no cache of what there is, which replicas would not share: one that knows of
 * a deleted layer would have pushes leave it out.
 */
export function registryConfig(request: RegistryConfigRequest): string {
  const { lab, region, bucket, httpSecret, port } = request;
  const s3 = {
    ...{ region, bucket, rootdirectory: `/${FOLDER}` },
    // Requests signed by version 4, over TLS, and objects encrypted, as the bucket's policy and settings demand.
    ...{ secure: true, v4auth: true, encrypt: true },
  };
  const config = {
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: {
      s3,
      delete: { enabled: true },
      // Whoever pulls asks the registry alone: with a redirect it would need a way to S3 of its own.
      redirect: { disable: true },
    },
    http: {
      ...{ addr: `:${port}`, secret: httpSecret, draintimeout: "2s" },
      headers: { "X-Content-Type-Options": ["nosniff"] },
      tls: { certificate: secretPath("cert"), key: secretPath("key") },
    },
    auth: { htpasswd: { realm: `Swarm Lab ${lab}`, path: secretPath("htpasswd") } },
    // Without S3 it answers every request with 503, its root path too: a load balancer then takes it out.
    health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
