import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { SwarmService, type SwarmServiceArgs } from "../../components/swarm/service.ts";
import { OWN_SERVICE, type ServiceSpec } from "../../components/swarm/service-spec.ts";
import { ARGS } from "../support/component-args.ts";
import { record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";

interface Inputs {
  readonly mode: unknown;
  readonly taskSpec: {
    readonly containerSpec: Readonly<Record<string, unknown>>;
    readonly resources?: unknown;
    readonly placement: unknown;
  };
  readonly endpointSpec: unknown;
  readonly labels: unknown;
}

async function build(changes: Partial<SwarmServiceArgs> = {}, spec: Partial<ServiceSpec> = {}) {
  const args = () => ({
    ...ARGS.SwarmService(),
    ...changes,
    spec: { ...OWN_SERVICE, ...spec },
  });
  const { recording } = await record(() => new SwarmService("s", args()));
  expect(recording.custom).toHaveLength(1);
  const service = recording.one("s-service");
  return { service, inputs: service.inputs as unknown as Inputs };
}

const LABELS = [
  { label: "swarm-lab.lab", value: "dev" },
  { label: "team", value: "blue" },
];
const POLICY = {
  parallelism: 1,
  delay: "0s",
  monitor: "5s",
  maxFailureRatio: "0",
  order: "stop-first",
};

test("a plain service is exactly this", async () => {
  const { service } = await build();
  expect(service.inputs).toEqual({
    name: "app",
    labels: LABELS,
    mode: { replicated: { replicas: 1 } },
    taskSpec: {
      containerSpec: {
        image: "registry.internal:5000/app@sha256:digest",
        env: {},
        stopGracePeriod: "5s",
        secrets: [],
        configs: [],
        mounts: [],
        labels: LABELS,
      },
      networksAdvanceds: [{ id: "network-id" }],
      placement: { constraints: [], prefs: [] },
      restartPolicy: { condition: "any", delay: "1s", maxAttempts: 0, window: "0s" },
    },
    updateConfig: { ...POLICY, failureAction: "rollback" },
    rollbackConfig: { ...POLICY, failureAction: "pause" },
    endpointSpec: { mode: "dnsrr", ports: [] },
  });
});

test("a service goes before the one that replaces it under its name; what the engine finds out is not compared", async () => {
  const { service } = await build();
  expect(service.options.deleteBeforeReplace).toBe(true);
  expect(service.options.ignoreChanges).toEqual(["taskSpec.placement.platforms"]);
});

describe("a service", () => {
  test("can run once on every node", async () => {
    const { inputs } = await build({}, { mode: "global", replicas: 3 });
    expect(inputs.mode).toEqual({ global: true });
  });

  test("can have no replicas for a while", async () => {
    const { inputs } = await build({}, { replicas: 0 });
    expect(inputs.mode).toEqual({ replicated: { replicas: 0 } });
  });

  test("is placed by constraints, spread and a limit per node", async () => {
    const { inputs } = await build(
      {},
      {
        constraints: ["node.role==worker"],
        spread: ["node.labels.zone"],
        maxReplicasPerNode: 2,
      },
    );
    expect(inputs.taskSpec.placement).toEqual({
      constraints: ["node.role==worker"],
      prefs: ["spread=node.labels.zone"],
      maxReplicas: 2,
    });
  });

  test.each([
    [
      "both kinds",
      { limits: { cpus: 0.5, memoryBytes: 67_108_864 }, reservations: { memoryBytes: 16_777_216 } },
      {
        limits: { nanoCpus: 500_000_000, memoryBytes: 67_108_864 },
        reservation: { memoryBytes: 16_777_216 },
      },
    ],
    [
      "limits alone",
      { limits: { cpus: 0.1 }, reservations: {} },
      { limits: { nanoCpus: 100_000_000 } },
    ],
    ["nothing", { limits: {}, reservations: {} }, undefined],
  ])("is limited by %s", async (_, resources, expected) => {
    const { inputs } = await build({}, { resources });
    expect(inputs.taskSpec.resources).toEqual(expected);
  });

  test("publishes ports in the mode that each asks for", async () => {
    const { inputs } = await build({
      endpointMode: "vip",
      ports: [
        { target: 80, published: 8080, publishMode: "ingress" },
        { target: 81, published: 8081, publishMode: "host" },
      ],
    });
    expect(inputs.endpointSpec).toEqual({
      mode: "vip",
      ports: [
        { targetPort: 80, publishedPort: 8080, publishMode: "ingress", protocol: "tcp" },
        { targetPort: 81, publishedPort: 8081, publishMode: "host", protocol: "tcp" },
      ],
    });
  });

  test("sees its secrets and configs as files of an owner, root if none is said", async () => {
    const { inputs } = await build({
      secrets: [{ id: "s1", name: "token-1", target: "token", mode: 0o400, uid: "65532" }],
      configs: [{ id: "c1", name: "conf-1", target: "/etc/conf", mode: 0o444 }],
    });
    const { secrets, configs } = inputs.taskSpec.containerSpec;
    expect(secrets).toEqual([
      {
        ...{ secretId: "s1", secretName: "token-1", fileName: "token" },
        ...{ fileMode: 0o400, fileUid: "65532", fileGid: "65532" },
      },
    ]);
    expect(configs).toEqual([
      {
        ...{ configId: "c1", configName: "conf-1", fileName: "/etc/conf" },
        ...{ fileMode: 0o444, fileUid: "0", fileGid: "0" },
      },
    ]);
  });

  test("runs its own command with a health check, volumes and variables", async () => {
    const healthcheck = {
      ...{ test: ["CMD", "true"], interval: "1s", timeout: "2s" },
      ...{ retries: 3, startPeriod: "0s" },
    };
    const mounts = [{ type: "volume" as const, source: "data", target: "/data", readOnly: false }];
    const { inputs } = await build(
      { mounts },
      { command: ["serve"], args: ["--fast"], env: { A: "1" }, healthcheck },
    );
    const { test: tests, ...times } = healthcheck;
    expect(inputs.taskSpec.containerSpec).toMatchObject({
      ...{ commands: ["serve"], args: ["--fast"], env: { A: "1" }, mounts },
      healthcheck: { tests, ...times },
    });
  });

  test("keeps the lab's labels whatever its own say", async () => {
    const { inputs } = await build({}, { labels: { "swarm-lab.lab": "other", mine: "1" } });
    expect(inputs.labels).toEqual([{ label: "mine", value: "1" }, ...LABELS]);
  });

  test("hides the password that its image is pulled with", async () => {
    const auth = {
      serverAddress: "registry.internal:5000",
      username: "lab",
      password: pulumi.secret("REGISTRY-PASSWORD"),
    };
    const { service } = await build({ auth });
    expect(service.inputs.auth).toEqual({ ...auth, password: "REGISTRY-PASSWORD" });
    expect(clearText(service.wire)).not.toContain("REGISTRY-PASSWORD");
  });
});
