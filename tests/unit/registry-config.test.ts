import { describe, expect, test } from "vitest";
import { registryConfig } from "../../components/swarm/registry-config.ts";

const REQUEST = {
  ...{ lab: "dev", region: "eu-central-1", bucket: "images", httpSecret: "hush", port: 5000 },
};

describe("the registry's configuration on S3", () => {
  test("is this and nothing more", () => {
    expect(JSON.parse(registryConfig(REQUEST))).toEqual({
      version: "0.1",
      log: { level: "warn", accesslog: { disabled: true } },
      storage: {
        s3: {
          ...{ region: "eu-central-1", bucket: "images", rootdirectory: "/registry" },
          ...{ secure: true, v4auth: true, encrypt: true },
        },
        delete: { enabled: true },
        redirect: { disable: true },
      },
      http: {
        ...{ addr: ":5000", secret: "hush", draintimeout: "2s" },
        headers: { "X-Content-Type-Options": ["nosniff"] },
        tls: { certificate: "/run/secrets/registry.crt", key: "/run/secrets/registry.key" },
      },
      auth: { htpasswd: { realm: "Swarm Lab dev", path: "/run/secrets/htpasswd" } },
      health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
    });
  });

  test("names no key of AWS, no other endpoint, and no cache that replicas would not share", () => {
    const text = registryConfig(REQUEST);
    expect(text).not.toMatch(/accesskey|secretkey|endpoint|skipverify|cache|inmemory/i);
  });
});
