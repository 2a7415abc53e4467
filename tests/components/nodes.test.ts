import { beforeAll, describe, expect, test } from "vitest";
import { LocalNodes } from "../../components/nodes/local/nodes.ts";
import { ARGS } from "../support/component-args.ts";
import { handleOf, plannedNodes } from "../support/fixtures.ts";
import { promiseOf, record } from "../support/mocks.ts";
import type { Recording } from "../support/recording.ts";

const NAMES = ["m1", "m2", "m3", "w1", "w2"];

describe("local nodes", () => {
  let made: LocalNodes;
  let recording: Recording;
  beforeAll(async () => {
    ({ made, recording } = await record(() => new LocalNodes("n", ARGS.LocalNodes())));
  });

  test("are a network, a gateway and a machine for each node, and nothing more", () => {
    const machines = NAMES.flatMap((name) => [`n-${name}-container`, `n-${name}-data`]);
    const rest = ["n-engine", "n-gateway-container", "n-network-bridge"];
    const names = recording.custom.map(({ name }) => name);
    expect(names.sort()).toEqual([...machines, ...rest].sort());
  });

  test("stand on one engine, named explicitly", () => {
    expect(recording.one("n-engine").inputs).toEqual({ host: "unix:///var/run/docker.sock" });
    for (const each of recording.custom.filter(({ type }) => type.startsWith("docker:"))) {
      expect(recording.provider(each), each.name).toBe("n-engine");
    }
  });

  test("are made after their network and removed before it", () => {
    const containers = recording.ofType("docker:index/container:Container");
    expect(containers).toHaveLength(NAMES.length + 1);
    for (const each of containers) {
      expect(recording.dependencies(each), each.name).toContain("n-network-bridge");
    }
  });

  test("live as long as their network", async () => {
    expect(await promiseOf(made.lifetime.urn)).toBe(recording.one("n-network-bridge").urn);
  });

  test("give the layers above names, addresses and a way to run commands", async () => {
    expect(made.nodes.map(({ handle }) => handle)).toEqual(plannedNodes().map(handleOf));
    expect(made.buildEngine).toBe("unix:///var/run/docker.sock");
    const connection = made.nodes[0]?.handle.connection;
    expect(made.api).toEqual({
      ...{ kind: "tls", host: "127.0.0.1", port: 20_001 },
      first: { name: "m1", connection },
    });
    const ids = await Promise.all(made.nodes.map(({ machineId }) => promiseOf(machineId)));
    expect(ids).toEqual(NAMES.map((name) => `n-${name}-container-id`));
  });

  test("know the gateway by the registry's name", () => {
    expect(recording.one("n-gateway-container").inputs.networksAdvanced).toEqual([
      {
        name: "swarm-lab-dev",
        ipv4Address: "10.210.3.5",
        aliases: ["gateway", "registry.internal"],
      },
    ]);
  });

  test("are deleted for real with the lab; only the volumes go all at once with its lifetime", () => {
    for (const each of recording.custom) {
      const volume = each.type === "docker:index/volume:Volume";
      expect(recording.deletedWith(each), each.name).toBe(volume ? "n-network-bridge" : undefined);
    }
  });
});
