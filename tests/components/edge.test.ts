import { beforeAll, describe, expect, test } from "vitest";
import { Edge } from "../../components/swarm/edge.ts";
import { edgeConfig } from "../../components/swarm/edge-config.ts";
import { ARGS } from "../support/component-args.ts";
import { record } from "../support/mocks.ts";
import type { Recording } from "../support/recording.ts";

describe("the edge", () => {
  let recording: Recording;
  beforeAll(async () => {
    ({ recording } = await record(() => new Edge("e", ARGS.Edge())));
  });

  test("is a config and a service, and nothing more", () => {
    expect(recording.custom.map(({ name }) => name).sort()).toEqual(["e-config", "e-service"]);
  });

  test("is configured for its routes", () => {
    const data = String(recording.one("e-config").inputs.data);
    expect(Buffer.from(data, "base64").toString()).toBe(edgeConfig(ARGS.Edge().routes));
  });

  test("runs on every node and publishes there, in host mode, what the routes say", () => {
    const { inputs } = recording.one("e-service");
    expect(inputs).toMatchObject({
      name: "edge",
      mode: { global: true },
      endpointSpec: {
        mode: "dnsrr",
        ports: [
          { targetPort: 20_003, publishedPort: 20_003, publishMode: "host", protocol: "tcp" },
        ],
      },
      taskSpec: { networksAdvanceds: [{ id: "network-id" }] },
    });
  });

  test("reads its configuration from the swarm config, by id and name", () => {
    const { inputs } = recording.one("e-service");
    expect(inputs).toMatchObject({
      taskSpec: {
        containerSpec: {
          image: "sha256:gateway",
          configs: [
            {
              configId: "e-config-id",
              configName: "e-config-0a1b2c3",
              fileName: "/etc/haproxy/haproxy.cfg",
              fileMode: 0o444,
            },
          ],
        },
      },
    });
  });

  test("frees a node's port before it takes it anew", () => {
    expect(recording.one("e-service").inputs).toMatchObject({
      updateConfig: { order: "stop-first" },
      rollbackConfig: { order: "stop-first" },
    });
  });
});
