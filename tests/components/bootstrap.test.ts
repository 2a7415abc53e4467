import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { SwarmBootstrap } from "../../components/swarm/bootstrap.ts";
import { ARGS } from "../support/component-args.ts";
import { plannedNodes, providedNodes } from "../support/fixtures.ts";
import { CREDENTIALS, KEYS } from "../support/mock-outputs.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText, UNKNOWN } from "../support/properties.ts";
import { environmentOf, type Recording } from "../support/recording.ts";

const OTHERS = ["m2", "m3", "w1", "w2"];
const build = (preview = false) =>
  record(() => new SwarmBootstrap("s", ARGS.SwarmBootstrap()), { preview });

describe("a swarm", () => {
  let made: SwarmBootstrap;
  let recording: Recording;
  beforeAll(async () => {
    ({ made, recording } = await build());
  });
  const memberInput = (name: string) =>
    environmentOf(recording.one(`s-${name}-join`)).LAB_MEMBER as Record<string, unknown>;

  test("is a step for each node, the gate, the check of its API, its keys and a provider", () => {
    const joins = ["m1", ...OTHERS].map((name) => `s-${name}-join`);
    const names = recording.under(recording.one("s")).filter(({ custom }) => custom);
    expect(names.map(({ name }) => name).sort()).toEqual(
      [...joins, "s-ready", "s-api", "s-keys", "s-manager"].sort(),
    );
  });

  test("is made by the first manager, and the others join it", () => {
    expect(memberInput("m1")).toHaveProperty("init");
    for (const name of OTHERS) {
      expect(memberInput(name), name).not.toHaveProperty("init");
      expect(recording.dependencies(recording.one(`s-${name}-join`))).toContain("s-m1-join");
    }
  });

  test("lets no joining node wait for another one", () => {
    for (const name of OTHERS) {
      const on = recording.dependencies(recording.one(`s-${name}-join`));
      expect(on).toEqual([`machine-${name}`, "s-m1-join"]);
    }
  });

  test("labels each node with its zone, and keeps tasks off the managers", () => {
    const spec = (availability: string, zone: string) => ({ availability, labels: { zone } });
    expect(memberInput("m2").spec).toEqual(spec("drain", "b"));
    expect(memberInput("w2").spec).toEqual(spec("active", "b"));
    expect(memberInput("w1").spec).toMatchObject({ labels: { "swarm-lab.registry": "true" } });
  });

  test("is ready when every node is a member", () => {
    const ready = recording.one("s-ready");
    expect(recording.dependencies(ready)).toEqual(["m1", ...OTHERS].map((n) => `s-${n}-join`));
    expect(environmentOf(ready).LAB_NODES).toHaveLength(5);
  });

  test("can be talked to as soon as its first manager is one: that is asked beside its init", () => {
    const api = recording.one("s-api");
    expect(recording.dependencies(api)).toEqual(["machine-m1"]);
    expect(environmentOf(api)).toEqual({
      LAB_API: {
        ...{ kind: "tls", host: "127.0.0.1", port: 20_001 },
        first: { name: "m1", connection: expect.objectContaining({ kind: "container" }) },
      },
      LAB_MACHINE: "machine-m1-id",
      LAB_CA: CREDENTIALS.ca,
      LAB_CERT: CREDENTIALS.client.cert,
      LAB_KEY: CREDENTIALS.client.key,
    });
  });

  test("is reached through a provider whose host comes from that check", () => {
    const provider = recording.one("s-manager");
    expect(provider.inputs).toEqual({
      host: "tcp://127.0.0.1:20001",
      caMaterial: CREDENTIALS.ca,
      certMaterial: CREDENTIALS.client.cert,
      keyMaterial: CREDENTIALS.client.key,
    });
    expect(provider.options.propertyDependencies.host).toEqual([recording.one("s-api").urn]);
  });

  test("keeps its keys secret, and the credentials that it is given", async () => {
    const keys = recording.one("s-keys");
    expect(recording.dependencies(keys)).toEqual(["s-ready"]);
    expect(environmentOf(keys)).toMatchObject({ LAB_AUTOLOCK: true });
    expect(await promiseOf(made.keys)).toEqual(KEYS);
    expect(await pulumi.isSecret(made.keys)).toBe(true);
    const clear = recording.all.map(({ wire }) => clearText(wire)).join("\n");
    const { ca, client } = CREDENTIALS;
    for (const text of [ca, client.cert, client.key]) expect(clear).not.toContain(text);
  });

  test("has one id, the first manager's", async () => {
    expect(await promiseOf(made.clusterId)).toBe("cluster-1");
  });
});

test("in a preview the provider's host is unknown, so that it connects to nothing", async () => {
  const { recording } = await build(true);
  expect(recording.one("s-manager").inputs.host).toBe(UNKNOWN);
});

test.each([
  ["no nodes", []],
  ["workers alone", plannedNodes().filter(({ role }) => role === "worker")],
])("a swarm of %s is refused", async (_, nodes) => {
  const args = () => ({ ...ARGS.SwarmBootstrap(), provided: providedNodes(nodes) });
  await expect(record(() => void new SwarmBootstrap("s", args()))).rejects.toThrow(
    "a swarm needs at least one manager",
  );
});

test("the first manager of the list makes the swarm, whatever stands before it", async () => {
  const provided = () => providedNodes(plannedNodes().toReversed());
  const { recording } = await record(
    () => new SwarmBootstrap("s", { ...ARGS.SwarmBootstrap(), provided: provided() }),
  );
  const inits = recording.steps.filter((each) => "init" in Object(environmentOf(each).LAB_MEMBER));
  expect(inits.map(({ name }) => name)).toEqual(["s-m3-join"]);
});
