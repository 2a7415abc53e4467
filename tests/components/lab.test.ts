import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../stacks/lab.ts";
import { buildLab, FULL_KERNEL, ROOT } from "../support/fixtures.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { environmentOf, nameOf, type Recording } from "../support/recording.ts";

const LIFETIME = "nodes-network-bridge";
const NODES = ["m1", "m2", "m3", "w1", "w2"];

describe("the dev lab", () => {
  let made: Lab;
  let recording: Recording;
  beforeAll(async () => {
    ({ made, recording } = await record(() => buildLab()));
  });
  const onHost = () =>
    recording.custom.filter(
      (each) => recording.provider(each) === "nodes-engine" || each.name === LIFETIME,
    );
  const inSwarm = () =>
    recording.custom.filter(
      (each) => recording.provider(each) === "swarm-manager" || each.name === "swarm-manager",
    );

  test("is exactly these resources", () => {
    expect(recording.custom.map(({ name }) => name).sort()).toEqual(
      [
        ...["credentials-make", "converged", LIFETIME, "nodes-engine", "nodes-gateway-container"],
        ...NODES.flatMap((name) => [`nodes-${name}-container`, `nodes-${name}-data`]),
        ...NODES.map((name) => `swarm-${name}-join`),
        ...["swarm-ready", "swarm-api", "swarm-keys", "swarm-manager"],
        ...["network-app-overlay", "network-app-idle"],
        ...["secret-app-token-value", "secret-app-token-secret", "config-app-greeting-config"],
        ...["images-w1-load", "images-w2-load"],
        ...["registry-cert-secret", "registry-key-secret", "registry-htpasswd-secret"],
        ...["registry-service", "image-app-push", "service-app-service"],
        ...["edge-config", "edge-service"],
      ].sort(),
    );
  });

  test("deletes what is on the host for real, and only that; all volumes go at once with the lifetime", () => {
    expect(onHost()).toHaveLength(1 + 1 + 2 * NODES.length);
    for (const each of onHost()) {
      const volume = each.type === "docker:index/volume:Volume";
      expect(recording.deletedWith(each), each.name).toBe(volume ? LIFETIME : undefined);
    }
  });

  test("lets what is in the swarm go with the lab's network, the provider included", () => {
    const undone = recording.steps.filter(
      ({ name, inputs }) => inputs.delete !== undefined && name !== LIFETIME,
    );
    expect(undone.length).toBeGreaterThanOrEqual(NODES.length + 1);
    for (const each of [...inSwarm(), ...undone]) {
      expect(recording.deletedWith(each), each.name).toBe(LIFETIME);
    }
  });

  test("has no other resource that a removal would have to reach", () => {
    const rest = recording.custom.filter((each) => ![...onHost(), ...inSwarm()].includes(each));
    const left = rest.filter(
      (each) => each.inputs.delete !== undefined && recording.deletedWith(each) === undefined,
    );
    expect(left).toEqual([]);
    expect(new Set(rest.map(({ type }) => type))).toEqual(
      new Set(["command:local:Command", "pulumi:providers:docker"]),
    );
  });

  test("undoes every step before it does it anew", () => {
    for (const { name, options } of recording.steps) {
      expect(options.deleteBeforeReplace, name).toBe(true);
    }
  });

  test("tells no step what it printed before, but the one that must remember", () => {
    const told = recording.steps.filter(({ inputs }) => inputs.addPreviousOutputInEnv !== false);
    expect(told.map(({ name }) => name)).toEqual(["credentials-make"]);
  });

  test("prints nothing of the steps whose output is secret", () => {
    const silent = recording.steps.filter(({ inputs }) => inputs.logging === "none");
    const secret = recording.steps.filter(
      ({ options }) => options.additionalSecretOutputs.join() === "stdout,stderr",
    );
    expect(silent.map(({ name }) => name).sort()).toEqual(
      ["credentials-make", "secret-app-token-value", "swarm-keys"].sort(),
    );
    expect(secret).toEqual(silent);
  });

  test("runs programs that exist", () => {
    const programs = recording.steps
      .flatMap(({ inputs }) => [inputs.create, inputs.delete])
      .flatMap((text) => /^node (\S+)/.exec(String(text))?.[1] ?? []);
    expect(programs.length).toBeGreaterThan(10);
    for (const program of programs) expect(existsSync(join(ROOT, program)), program).toBe(true);
  });

  test("runs its application when nodes, image, network and objects are there", () => {
    const needs = recording.allDependencies(recording.one("service-app-service"));
    for (const need of [
      ...["swarm-ready", "image-app-push", "network-app-idle", "network-app-overlay"],
      ...["secret-app-token-secret", "config-app-greeting-config"],
      ...NODES.map((name) => `swarm-${name}-join`),
    ]) {
      expect(needs, need).toContain(need);
    }
  });

  test("starts the edge when its image is on every node that will run it", () => {
    const needs = recording.allDependencies(recording.one("edge-service"));
    expect(needs).toContain("images-w1-load");
    expect(needs).toContain("images-w2-load");
  });

  test("lets nothing but the gate wait for the services", () => {
    const waiting = recording.custom.filter((each) =>
      recording.dependencies(each).includes("service-app-service"),
    );
    expect(waiting.map(({ name }) => name)).toEqual(["converged"]);
  });

  test("reaches the swarm through one provider and the host through another", () => {
    const types = (names: string[]) => [...new Set(names)].sort();
    expect(types(inSwarm().map(({ type }) => type))).toEqual([
      "docker:index/network:Network",
      "docker:index/secret:Secret",
      "docker:index/service:Service",
      "docker:index/serviceConfig:ServiceConfig",
      "pulumi:providers:docker",
    ]);
    expect(types(onHost().map(({ type }) => type))).toEqual([
      "command:local:Command",
      "docker:index/container:Container",
      "docker:index/volume:Volume",
    ]);
  });

  test("looks at its services again when one of them, or what it is made of, changes", () => {
    const { LAB_CONVERGED, LAB_MADE_OF, LAB_SERVICES } = environmentOf(recording.one("converged"));
    expect(LAB_CONVERGED).toMatchObject({
      services: ["app"],
      urls: ["http://127.0.0.1:20003"],
      probe: { service: "app", port: 8080 },
    });
    expect(LAB_SERVICES).toHaveProperty("app.replicas", 3);
    expect(LAB_MADE_OF).toEqual({
      SECRET_APP_TOKEN: "secret-app-token-secret-0a1b2c3",
      CONFIG_APP_GREETING: "config-app-greeting-config-0a1b2c3",
      REGISTRY: "registry.internal:5000",
      APP_IMAGE: "registry.internal:5000/app@sha256:digest",
    });
  });

  test("describes itself to the commands beside it", async () => {
    const { description } = made;
    expect(description.nodes.map(({ name, zone }) => name + zone).join(" ")).toBe(
      "m1a m2b m3c w1a w2b",
    );
    expect(description.gateway).toEqual({
      container: "swarm-lab-dev-gateway",
      api: "https://127.0.0.1:20001",
      registry: "127.0.0.1:20002",
      apps: { app: ["http://127.0.0.1:20003"] },
    });
    expect(await promiseOf(made.clusterId)).toBe("cluster-1");
  });

  test("has no two resources with one URN", () => {
    const urns = recording.all.map(({ urn }) => urn);
    expect(new Set(urns).size).toBe(urns.length);
    expect(urns.map(nameOf)).not.toContain("");
  });
});

const names = ({ custom }: Recording) => custom.map(({ name }) => name);

test("on a kernel with IPVS and ESP the mesh publishes, and overlays are encrypted", async () => {
  const { made, recording } = await record(() => buildLab({}, FULL_KERNEL));
  expect(names(recording).filter((name) => name.startsWith("edge"))).toEqual([]);
  expect(recording.one("service-app-service").inputs.endpointSpec).toEqual({
    mode: "vip",
    ports: [{ targetPort: 8080, publishedPort: 20_003, publishMode: "ingress", protocol: "tcp" }],
  });
  expect(recording.one("network-app-overlay").inputs.options).toEqual({ encrypted: "" });
  expect(made.description.warnings).toEqual([]);
});

test("a lab without services and registry has neither edge nor images to bring", async () => {
  const { recording } = await record(() =>
    buildLab({ services: {}, registry: { enabled: false } }),
  );
  const made = names(recording).filter((name) =>
    /^(edge|images|image|registry|service)/.test(name),
  );
  expect(made).toEqual([]);
});

test("a service that is to have no tasks is neither asked nor waited for at its address", async () => {
  const services = { app: { image: "app", replicas: 0, ports: [{ target: 8080 }] } };
  const { recording } = await record(() => buildLab({ services }));
  const { LAB_CONVERGED } = environmentOf(recording.one("converged"));
  expect(LAB_CONVERGED).toMatchObject({ services: ["app"], urls: [] });
  expect(LAB_CONVERGED).not.toHaveProperty("probe");
});

test("only the lab's own application is asked over HTTP: what others speak is not known", async () => {
  const services = { db: { image: "postgres:17", ports: [{ target: 5432 }] } };
  const { recording } = await record(() => buildLab({ services }));
  const { LAB_CONVERGED } = environmentOf(recording.one("converged"));
  expect(LAB_CONVERGED).toMatchObject({ services: ["db"], urls: [] });
});
