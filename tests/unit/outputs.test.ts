import { describe, expect, test } from "vitest";
import type { ProvidedNodes } from "../../components/nodes/provider.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { decideNetworkMode } from "../../components/swarm/network-mode.ts";
import { appAddresses, describe as describeLab } from "../../stacks/outputs.ts";
import { load } from "./config-support.ts";

const kernel = {
  ...{ release: "6.12.0", vxlan: true, esp: true },
  ...{ xtMatch: true, ipvs: true, netem: true, nfs: true },
};
const services = {
  app: { image: "nginx:1", ports: [{ target: 8080 }, { target: 8081 }] },
  quiet: { image: "nginx:1" },
};
const ports = { api: 20_001, registry: 20_002, "app.8080": 20_003, "app.8081": 20_004 };
const handle: NodeHandle = {
  ...{ name: "m1", role: "manager", zone: "a", address: "10.210.3.11", labels: {} },
  connection: { kind: "container", container: "swarm-lab-dev-m1", engine: "unix:///e" },
};
/** Only what a description reads. */
const provided = {
  nodes: [{ handle }],
  buildEngine: "unix:///e",
  api: { kind: "tls", host: "127.0.0.1", port: 20_001 },
  entrance: "127.0.0.1",
} as unknown as ProvidedNodes;

const described = (given: Record<string, unknown>) => {
  const { config } = load({ services, ...given });
  const mode = decideNetworkMode(config.network, kernel);
  return describeLab({ config, provided, ports, mode, kernel, warnings: ["careful"], root: "/p" });
};

test("published ports have addresses on this machine, by service", () => {
  expect(appAddresses(load({ services }).config, ports, "127.0.0.1")).toEqual({
    app: ["http://127.0.0.1:20003", "http://127.0.0.1:20004"],
  });
});

describe("the description of a lab", () => {
  test("is all that the commands beside the program need, and plain data", () => {
    const description = described({ expendable: true });
    expect(description).toEqual({
      ...{ lab: "dev", provider: "local", engine: "unix:///e", expendable: true },
      nodes: [handle],
      gateway: {
        container: "swarm-lab-dev-gateway",
        api: "https://127.0.0.1:20001",
        registry: "127.0.0.1:20002",
        apps: { app: ["http://127.0.0.1:20003", "http://127.0.0.1:20004"] },
      },
      backups: { directory: "/p/backups/dev", keys: "/p/backup-keys/dev" },
      registryVolume: "registry",
      network: {
        encryption: { inForce: true, reason: "every node's kernel (6.12.0) can" },
        endpointMode: { inForce: "vip", reason: "kernel 6.12.0 has IPVS" },
        publish: { inForce: "ingress", reason: "kernel 6.12.0 has IPVS" },
      },
      kernel,
      warnings: ["careful"],
    });
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  test.each([
    ["/var/lab", "/var/lab/dev"],
    ["s3://my-backups", "s3://my-backups/dev"],
    ["s3://my-backups/labs/", "s3://my-backups/labs/dev"],
  ])("has its backups of %s in %s, and its keys in a folder", (directory, place) => {
    expect(described({ backup: { directory } }).backups).toEqual({
      ...{ directory: place, keys: "/p/backup-keys/dev" },
    });
  });

  test("has no registry where there is none, and is not expendable unless it says so", () => {
    const { gateway, expendable } = described({ registry: { enabled: false } });
    expect(gateway.registry).toBeUndefined();
    expect(expendable).toBe(false);
  });
});
