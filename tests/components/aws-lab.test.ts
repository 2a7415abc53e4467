/** A whole lab on AWS: the swarm, and all that runs in it, by the same components as everywhere else. */
import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { RegistryPlace } from "../../components/nodes/hosts/host-input.ts";
import type { entrancesOf } from "../../stacks/aws-front.ts";
import type { Lab } from "../../stacks/lab.ts";
import { stackOutputs } from "../../stacks/stack-outputs.ts";
import { buildLab, buildOnAws, FULL_KERNEL, ROOT } from "../support/fixtures.ts";
import { CREDENTIALS, GENERATED, KEYS } from "../support/mock-outputs.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText, UNKNOWN } from "../support/properties.ts";
import { environmentOf, type Recording } from "../support/recording.ts";

const NODES = ["m1", "m2", "m3", "w1", "w2"];
const VPC = "nodes-network-vpc";
const S3 = { registry: { storage: "s3", replicas: 2 } };

describe("a lab on AWS", () => {
  let made: Lab;
  let recording: Recording;
  beforeAll(async () => {
    ({ made, recording } = await record(() => buildOnAws()));
  });

  test("has in its swarm what a lab on this machine has, made in the same way", async () => {
    const { recording: local } = await record(() => buildLab({}, FULL_KERNEL));
    // The preflight on this machine settles ports of its own.
    const settled = /2\d{4}/g;
    const swarm = (given: Recording) =>
      given.custom
        .filter((each) => given.provider(each) === "swarm-manager")
        .map(({ name, type, inputs }) => [
          ...[name, type, JSON.stringify(inputs).replaceAll(settled, "PORT")],
        ])
        .sort();
    expect(swarm(recording).length).toBeGreaterThan(7);
    expect(swarm(recording)).toEqual(swarm(local));
    const steps = (given: Recording) =>
      given.steps.map(({ name }) => name).filter((name) => !name.startsWith("nodes-"));
    expect(steps(recording).sort()).toEqual(
      steps(local)
        .filter((n) => n !== "images-w2-load")
        .sort(),
    );
  });

  test("joins each node once it is ready, again when its instance is another one", () => {
    for (const name of NODES) {
      const join = recording.one(`swarm-${name}-join`);
      expect(recording.dependencies(join), name).toContain(`nodes-${name}-ready`);
      expect(environmentOf(join).LAB_MACHINE).toBe(`nodes-${name}-instance-id`);
    }
    const { LAB_MEMBER } = environmentOf(recording.one("swarm-m2-join"));
    expect(LAB_MEMBER).toMatchObject({
      node: { connection: { kind: "ssh", instance: { lab: "dev", node: "m2", way: "session" } } },
      spec: { availability: "drain", labels: { zone: "b" } },
    });
  });

  test("asks the engine API over SSH, through AWS", () => {
    const { inputs } = recording.one("swarm-manager");
    expect(inputs.host).toBe("ssh://admin@m1.dev.eu-central-1");
    const options = JSON.stringify(inputs.sshOpts);
    expect(options).toContain("StrictHostKeyChecking=yes");
    expect(options).toContain("scripts/aws/way.ts");
    expect(inputs.keyMaterial).toBeUndefined();
  });

  test("takes what is in the swarm away with its VPC, and asks no manager for it", () => {
    const inSwarm = recording.custom.filter(
      (each) => recording.provider(each) === "swarm-manager" || each.name === "swarm-manager",
    );
    const undone = recording.steps.filter(({ inputs }) => inputs.delete !== undefined);
    expect(undone.length).toBeGreaterThanOrEqual(NODES.length + 1);
    for (const each of [...inSwarm, ...undone])
      expect(recording.deletedWith(each), each.name).toBe(VPC);
    const onAws = recording.custom.filter(({ type }) => type.startsWith("aws:"));
    expect(onAws.length).toBeGreaterThan(40);
    for (const each of onAws) expect(recording.deletedWith(each), each.name).toBeUndefined();
  });

  test("has its published ports asked by a node: this machine need not be among anybody's clients", async () => {
    const { LAB_CONVERGED } = environmentOf(recording.one("converged"));
    expect(LAB_CONVERGED).toMatchObject({
      urls: [expect.stringMatching(/^http:\/\/10\.\d+\.\d+\.31:2\d{4}$/)],
      from: { name: "m1", connection: { instance: { node: "m1" } } },
    });
    const { recording: local } = await record(() => buildLab());
    expect(environmentOf(local.one("converged")).LAB_CONVERGED).not.toHaveProperty("from");
  });

  test("demands of each node's kernel what is in force, and no more", async () => {
    const demanded = async (network: object) => {
      const { recording: given } = await record(() => buildOnAws({}, { network }));
      const asked = NODES.map((name) => environmentOf(given.one(`nodes-${name}-ready`)));
      return [...new Set(asked.map(({ LAB_INSTANCE }) => JSON.stringify(LAB_INSTANCE)))].map(
        (text) => (JSON.parse(text) as { needs: string[] }).needs.join(),
      );
    };
    const overlays = { app: {} };
    expect(new Set(await demanded({ overlays }))).toEqual(new Set(["vxlan,esp,xtMatch,ipvs"]));
    const least = { overlays, encryption: "off", endpointMode: "dnsrr", publish: "host" };
    expect(new Set(await demanded(least))).toEqual(new Set(["vxlan"]));
    const one = { overlays: { app: { encryption: "required" } }, ...{ encryption: "off" } };
    expect(new Set(await demanded(one))).toEqual(new Set(["vxlan,esp,xtMatch,ipvs"]));
  });

  test("is described by what this machine reaches", () => {
    const { gateway, nodes, provider, kernel } = made.description;
    expect(gateway).toEqual({ api: "ssh://admin@m1.dev.eu-central-1:22", apps: { app: [] } });
    expect([provider, nodes.length, kernel.ipvs]).toEqual(["aws", 5, true]);
  });

  test("has the outputs of every lab, and its machines", async () => {
    const outputs = (await record(() => stackOutputs(buildOnAws()))).made as Record<
      string,
      unknown
    >;
    expect(Object.keys(outputs).sort()).toEqual([
      ...["clusterId", "drills", "keys", "lab", "machines", "reach", "registryLogin"],
    ]);
    for (const [name, output] of Object.entries(outputs)) expect(output, name).toBeDefined();
  });

  test("runs programs that exist, and shows nothing secret", () => {
    const programs = recording.steps.flatMap(({ inputs }) => [inputs.create, inputs.delete]);
    expect(programs).toContain("node scripts/aws/ready.ts");
    const wire = recording.all.map((each) => clearText(each.wire)).join("\n");
    for (const secret of [
      ...[CREDENTIALS.engine.key, CREDENTIALS.client.key, CREDENTIALS.registryLogin.password],
      ...[GENERATED, KEYS.manager, KEYS.worker, KEYS.unlockKey],
    ])
      expect(wire).not.toContain(secret);
    expect(wire).not.toContain(ROOT.replace(/[^/]*$/, ".cache"));
  });
});

describe("a lab on AWS whose registry is on S3", () => {
  let recording: Recording;
  beforeAll(async () => {
    ({ recording } = await record(() => buildOnAws({}, S3)));
  });

  test("runs it on two nodes, each of which has its image, from one bucket", () => {
    const { inputs } = recording.one("registry-service");
    expect(inputs.mode).toEqual({ replicated: { replicas: 2 } });
    for (const name of ["w1", "w2"])
      expect(environmentOf(recording.one(`images-${name}-load`)).LAB_LOAD).toMatchObject({
        images: ["swarm-lab/registry:1"],
      });
    const content = String(recording.one("registry-config-secret").inputs.data);
    expect(JSON.parse(Buffer.from(content, "base64").toString()).storage.s3).toMatchObject({
      ...{ bucket: "lab-registry-111122223333", region: "eu-central-1" },
    });
    expect(clearText(recording.one("registry-config-secret").wire)).not.toContain(content);
  });

  test("puts nothing into the bucket before it is closed", () => {
    const before = recording.allDependencies(recording.one("registry-service"));
    for (const part of ["bucket", "access", "encryption", "policy", "lifecycle"])
      expect([...before], part).toContain(`registry-images-${part}`);
  });

  test("is found by every node on both, and pushed to again only with another bucket", () => {
    for (const name of NODES) {
      const { LAB_INSTANCE } = environmentOf(recording.one(`nodes-${name}-ready`));
      const { registry } = LAB_INSTANCE as { registry: RegistryPlace };
      expect(registry.addresses, name).toHaveLength(2);
      expect(new Set(registry.addresses.map((address) => address.split(".").at(-1)))).toEqual(
        new Set(["31", "32"]),
      );
    }
    const push = environmentOf(recording.one("image-app-push"));
    expect(push.LAB_MACHINE).toBe("lab-registry-111122223333");
  });
});

describe("the first preview of a lab on AWS", () => {
  test("shows all that up makes, with the same options, and no unknown within a text", async () => {
    const { recording: up } = await record(() => buildOnAws({}, S3));
    const { recording: preview, made } = await record(() => buildOnAws({}, S3), { preview: true });
    const urns = (given: Recording) => given.all.map(({ urn }) => urn).sort();
    expect(urns(preview)).toEqual(urns(up));
    for (const each of up.all) {
      const shown = preview.one(each.name, each.type);
      const { provider: _, providers: __, ...options } = each.options;
      expect(shown.options, each.name).toMatchObject(options);
      for (const text of clearText(shown.wire)
        .split("\n")
        .filter((one) => one !== UNKNOWN))
        expect(text, each.name).not.toMatch(/undefined|Calling \[to|NaN/);
    }
    expect(made.description.nodes.map(({ name }) => name)).toEqual(NODES);
  });

  test("knows of every step already whom it is about, by which way it is reached and what it is to be", async () => {
    const { recording: preview } = await record(() => buildOnAws(), { preview: true });
    for (const name of NODES) {
      const { LAB_MEMBER } = environmentOf(preview.one(`swarm-${name}-join`));
      expect(JSON.stringify(LAB_MEMBER)).not.toContain(UNKNOWN);
      expect(LAB_MEMBER).toMatchObject({ node: { name, address: expect.stringMatching(/^10\./) } });
    }
    const { LAB_API } = environmentOf(preview.one("swarm-api"));
    expect(LAB_API).toMatchObject({ kind: "ssh", connection: { host: "m1.dev.eu-central-1" } });
    expect(preview.one("swarm-manager").inputs.host).toBe(UNKNOWN);
  });
});

test("what is in front of a lab on AWS, and where its backups are, is told by the stack", async () => {
  const loadBalancer = { clients: "192.0.2.0/24", registry: true };
  const { made } = await record(() =>
    buildOnAws({ loadBalancer, bucket: { name: "lab-backups-111122223333" } }),
  );
  const { entrances, bucket } = made.providerOutputs as {
    readonly entrances: ReturnType<typeof entrancesOf>;
    readonly bucket: pulumi.Output<string>;
  };
  expect(await promiseOf(bucket)).toBe("lab-backups-111122223333");
  expect(await promiseOf(entrances.apps)).toEqual({
    app: [expect.stringMatching(/^http:\/\/nodes-front-balancer\.example:2\d{4}$/)],
  });
});
