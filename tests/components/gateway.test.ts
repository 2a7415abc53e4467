import { beforeAll, describe, expect, test } from "vitest";
import { Gateway } from "../../components/nodes/local/gateway.ts";
import { gatewayConfig } from "../../components/nodes/local/gateway-config.ts";
import { ARGS } from "../support/component-args.ts";
import { CREDENTIALS } from "../support/mock-outputs.ts";
import { record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import type { Registration } from "../support/registration.ts";

describe("the gateway", () => {
  let container: Registration;
  beforeAll(async () => {
    const { made, recording } = await record(() => new Gateway("g", ARGS.Gateway()));
    expect(made.containerName).toBe("swarm-lab-dev-gateway");
    expect(recording.custom).toHaveLength(1);
    container = recording.one("g-container");
  });

  test("publishes on the loopback address only, sorted as the engine lists them", () => {
    expect(container.inputs.ports).toEqual([
      { internal: 2376, external: 20_001, ip: "127.0.0.1" },
      { internal: 5000, external: 20_002, ip: "127.0.0.1" },
    ]);
  });

  test("is this container and nothing more", () => {
    const { ports, uploads, ...rest } = container.inputs;
    expect(rest).toEqual({
      name: "swarm-lab-dev-gateway",
      hostname: "gateway",
      image: "swarm-lab/gateway:1",
      networksAdvanced: [
        {
          name: "swarm-lab-dev",
          ipv4Address: "10.210.3.5",
          aliases: ["gateway", "registry.internal"],
        },
      ],
      labels: [
        { label: "swarm-lab.lab", value: "dev" },
        // What the next run finds its own ports by.
        { label: "swarm-lab.ports", value: "api=20001,registry=20002" },
        { label: "swarm-lab.role", value: "gateway" },
        { label: "team", value: "blue" },
      ],
      restart: "no",
      mustRun: true,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "2" },
    });
    expect(container.options.ignoreChanges).toEqual(["networkMode"]);
  });

  test("gets its configuration and the client's certificate as one secret", () => {
    const { ca, client } = CREDENTIALS;
    expect(container.inputs.uploads).toEqual([
      { file: "/etc/haproxy/haproxy.cfg", content: gatewayConfig(ARGS.Gateway().plan) },
      { file: "/etc/haproxy/tls/ca.pem", content: ca },
      {
        file: "/etc/haproxy/tls/client.pem",
        content: `${client.cert}\n${client.key}`,
        permissions: "0444",
      },
    ]);
    expect(clearText(container.wire.uploads)).toBe("");
  });
});

test("labels of the user do not win over what the next run finds its ports by", async () => {
  const { recording } = await record(
    () => new Gateway("g", { ...ARGS.Gateway(), labels: { "swarm-lab.ports": "api=1" } }),
  );
  expect(recording.one("g-container").inputs.labels).toContainEqual({
    label: "swarm-lab.ports",
    value: "api=20001,registry=20002",
  });
});
