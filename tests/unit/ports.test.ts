import { describe, expect, test } from "vitest";
import { innerSubnets, portWishes, servicePort } from "../../stacks/ports.ts";
import { load } from "./config-support.ts";

const config = (given: Record<string, unknown>) => load(given).config;
const app = (ports: unknown[]) => ({ app: { image: "app", ports } });

describe("the ports that a lab wants", () => {
  test("are those of the engine API and the registry, each with the setting that asks for it", () => {
    expect(portWishes(config({}))).toEqual({
      api: { port: "auto", where: "swarm-lab:ports.api" },
      registry: { port: "auto", where: "swarm-lab:ports.registry" },
    });
  });

  test("are fewer without a registry", () => {
    expect(Object.keys(portWishes(config({ registry: { enabled: false } })))).toEqual(["api"]);
  });

  test("are those of each service, too, by what they lead to", () => {
    const services = app([{ target: 8080 }, { target: 8081, published: 20_500 }]);
    expect(portWishes(config({ services, ports: { api: 20_400 } }))).toMatchObject({
      api: { port: 20_400 },
      [servicePort("app", 8080)]: {
        port: "auto",
        where: "swarm-lab:services.app.ports[0].published",
      },
      [servicePort("app", 8081)]: {
        port: 20_500,
        where: "swarm-lab:services.app.ports[1].published",
      },
    });
  });

  test("cannot be mistaken for one another: no service's port is called like the lab's own", () => {
    const services = { api: { image: "app", ports: [{ target: 80 }] } };
    const wishes = portWishes(config({ services }));
    expect(Object.keys(wishes).sort()).toEqual(["api", "api.80", "registry"]);
  });
});

describe("the subnets inside a swarm", () => {
  test("are the address pool and the overlays that have one of their own", () => {
    const network = {
      addressPool: { subnet: "10.200.0.0/16", size: 24 },
      overlays: { app: {}, back: { subnet: "10.201.0.0/24" } },
    };
    expect(innerSubnets(config({ network }))).toEqual(["10.200.0.0/16", "10.201.0.0/24"]);
  });
});
