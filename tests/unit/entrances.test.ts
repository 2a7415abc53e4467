import { describe, expect, test } from "vitest";
import { gatewayConfig } from "../../components/nodes/local/gateway-config.ts";
import type { LocalGround } from "../../components/nodes/local/plan.ts";
import { gatewayOf } from "../../stacks/entrances.ts";
import { load } from "./config-support.ts";

const ground = (ports: Readonly<Record<string, number>>): LocalGround => ({
  engine: "unix:///var/run/docker.sock",
  kernel: {
    ...{ release: "6.12.0", vxlan: true, esp: true },
    ...{ xtMatch: true, ipvs: true, netem: true, nfs: true },
  },
  subnet: "10.210.3.0/24",
  ports,
  images: { node: "node:1", gateway: "gateway:1", registry: "registry:1", app: "app:1" },
});
const ports = { api: 20_001, registry: 20_002, "app.8080": 20_003 };
const services = { app: { image: "nginx:1", ports: [{ target: 8080 }] } };

describe("the gateway of a lab", () => {
  const gateway = gatewayOf(load({ services }).config, ground(ports));

  test("stands at a fixed address and is told the ports for the next run", () => {
    expect(gateway).toMatchObject({ address: "10.210.3.5", image: "gateway:1", ports });
  });

  test("publishes the API and the registry, and a service under its port on the nodes", () => {
    expect(gateway.published).toEqual({ 2376: 20_001, 5000: 20_002, 20003: 20_003 });
    expect(gateway.plan).toEqual({
      api: { listen: 2376, target: 2376 },
      tcp: {
        registry: { listen: 5000, target: 5000 },
        "app-8080": { listen: 20_003, target: 20_003 },
      },
    });
  });

  test("listens on exactly the ports that are published", () => {
    const bound = [...gatewayConfig(gateway.plan).matchAll(/bind :(\d+)/g)].map(([, port]) => port);
    expect(bound.sort()).toEqual(Object.keys(gateway.published).sort());
  });

  test("has no registry where there is none", () => {
    const { registry: _, ...rest } = ports;
    const config = load({ services, registry: { enabled: false } }).config;
    const { plan, published } = gatewayOf(config, ground(rest));
    expect(Object.keys(plan.tcp)).toEqual(["app-8080"]);
    expect(Object.keys(published)).toEqual(["2376", "20003"]);
  });

  test.each(["api", "registry", "app.8080"])("is not made without a port for %s", (purpose) => {
    const rest = Object.fromEntries(Object.entries(ports).filter(([name]) => name !== purpose));
    expect(() => gatewayOf(load({ services }).config, ground(rest))).toThrow(
      `no loopback port was settled for ${purpose}`,
    );
  });
});
