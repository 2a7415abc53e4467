import { beforeAll, describe, expect, test } from "vitest";
import { recordPeersAnew } from "../../components/command.ts";
import { DrillRun } from "../../components/drills/drill-run.ts";
import type { ConvergedInput } from "../../components/swarm/step-inputs.ts";
import { prepare } from "../../stacks/provide.ts";
import { ARGS } from "../support/component-args.ts";
import { buildOnHosts, devConfig, HOSTS, ROOT } from "../support/fixtures.ts";
import { CREDENTIALS } from "../support/mock-outputs.ts";
import { record } from "../support/mocks.ts";
import { environmentOf, type Recording } from "../support/recording.ts";
import type { Registration } from "../support/registration.ts";

const NAMES = HOSTS.map(({ name }) => name);

describe("a lab on hosts", () => {
  let recording: Recording;
  let description: ReturnType<typeof buildOnHosts>["description"];
  beforeAll(async () => {
    const built = await record(() => buildOnHosts());
    recording = built.recording;
    description = built.made.description;
  });

  test("makes no machine and no network of its own: a step for each host", () => {
    const types = new Set(recording.custom.map(({ type }) => type));
    expect(types).not.toContain("docker:index/container:Container");
    expect(types).not.toContain("docker:index/volume:Volume");
    const steps = recording.steps.filter(({ inputs }) =>
      /hosts\/provision/.test(String(inputs.create)),
    );
    expect(steps.map(({ name }) => name).sort()).toEqual(NAMES.map((n) => `nodes-${n}-ready`));
    for (const { name, inputs } of steps) {
      expect(inputs.delete).toBeUndefined();
      // What undoes it is on record before it begins: a step that fails is not.
      const claim = recording.one(name.replace(/ready$/, "claimed"));
      expect(claim.inputs.delete).toBe("node scripts/hosts/release.ts");
      expect(recording.dependencies(recording.one(name))).toContain(claim.name);
    }
  });

  test("claims each host under one id, which the state keeps", () => {
    expect(recording.one("nodes-id").inputs).toMatchObject({ addPreviousOutputInEnv: true });
    for (const name of NAMES) {
      const claim = recording.one(`nodes-${name}-claimed`);
      expect(environmentOf(claim).LAB_HOST).toMatchObject({ lab: "dev", id: "id-of-the-stack" });
    }
  });

  test("asks the engine API over SSH, with the one host key that is accepted", () => {
    const { inputs } = recording.one("swarm-manager");
    expect(inputs.host).toMatch(/^ssh:\/\//);
    const options = JSON.stringify(inputs.sshOpts);
    expect(options).toContain("StrictHostKeyChecking=yes");
    expect(options).toContain("KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAAm1");
    expect(inputs.keyMaterial).toBeUndefined();
  });

  test("joins a host once it is ready, again when it is another machine", () => {
    const join = recording.one("swarm-w1-join");
    expect(recording.dependencies(join)).toContain("nodes-w1-ready");
    expect(environmentOf(join).LAB_MACHINE).toBe("machine-id-of-w1");
  });

  test("is described by its hosts: no gateway, and its ports on their addresses", () => {
    expect(description.gateway).toEqual({
      api: "ssh://debian@192.0.2.11:22",
      registry: "192.0.2.14:5000",
      apps: { app: ["http://192.0.2.14:20003"] },
    });
    expect(description.nodes.map(({ connection }) => connection.kind)).toEqual(
      NAMES.map(() => "ssh"),
    );
  });

  test("uses what its kernels can", () => {
    expect(recording.all.filter(({ type }) => type.endsWith(":Edge"))).toEqual([]);
    expect(description.network).toMatchObject({
      ...{ encryption: { inForce: true }, publish: { inForce: "ingress" } },
    });
  });

  test("tells hosts nothing but the registry's CA", () => {
    const text = JSON.stringify(recording.one("nodes-m1-ready").inputs);
    for (const secret of [CREDENTIALS.engine.key, CREDENTIALS.client.key, "REGISTRY-PASSWORD"])
      expect(text).not.toContain(secret);
  });

  test("with one host more changes nothing of the others", async () => {
    const more = { ...HOSTS[4], name: "w3", address: "192.0.2.19", hostKey: "ssh-ed25519 AAAAw3" };
    const { recording: grown } = await record(() => buildOnHosts([...HOSTS, more]));
    for (const name of NAMES) {
      const before = recording.one(`nodes-${name}-ready`);
      const after = grown.one(`nodes-${name}-ready`);
      expect(before.options.ignoreChanges).toContain("environment.LAB_PEERS");
      const { LAB_PEERS: _, ...told } = environmentOf(after);
      const { LAB_PEERS: __, ...toldBefore } = environmentOf(before);
      expect(told).toEqual(toldBefore);
    }
    expect(grown.one("nodes-w3-ready")).toBeDefined();
  });
});

describe("a host that is reached another way", () => {
  const moved = HOSTS.map((host) => (host.name === "m2" ? { ...host, key: "/keys/other" } : host));
  const told = ({ inputs }: Registration) => JSON.stringify(inputs.environment ?? {});
  const withPeers = (recording: Recording) =>
    recording.steps.filter(({ inputs }) => "LAB_PEERS" in Object(inputs.environment));

  test("is recorded anew by every step that may have to reach it, and by no run of a drill", async () => {
    const build = () => buildOnHosts(moved, { peersStale: true });
    const { recording } = await record(build);
    expect(withPeers(recording).map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "nodes-m1-claimed",
        "nodes-w1-ready",
        "swarm-w1-join",
        "network-app-idle",
      ]),
    );
    for (const each of withPeers(recording)) {
      expect(each.options.ignoreChanges, each.name).toEqual([]);
      expect(told(each), each.name).toContain("/keys/other");
    }
    const drills = await record(
      () => new DrillRun("d", ARGS.DrillRun(), { transformations: [recordPeersAnew] }),
    );
    expect(drills.recording.one("d-one").options.ignoreChanges).toEqual(["environment"]);
  });

  test("is nothing to those that have it on record already", async () => {
    const { recording } = await record(() => buildOnHosts(moved));
    for (const each of withPeers(recording))
      expect(each.options.ignoreChanges, each.name).toEqual(["environment.LAB_PEERS"]);
  });
});

describe("a host that is silent", () => {
  const away = async (name: string) =>
    (await record(() => buildOnHosts(HOSTS, { silent: [name] }))).recording;
  const staying = (recording: Recording) =>
    recording.steps
      .filter(({ options }) => options.ignoreChanges.includes("environment"))
      .map(({ name }) => name)
      .sort();
  const names = (nodes: unknown) => (nodes as { name: string }[]).map(({ name }) => name);

  test("stays as it is on record, and nothing else does", async () => {
    expect(staying(await away("w2"))).toEqual([
      ...["nodes-w2-claimed", "nodes-w2-ready", "swarm-w2-join"],
    ]);
  });

  test("is demanded of no gate, and the last one knows who is away", async () => {
    const recording = await away("w2");
    const there = NAMES.filter((name) => name !== "w2");
    expect(names(environmentOf(recording.one("swarm-ready")).LAB_NODES)).toEqual(there);
    const { nodes, away: missing } = environmentOf(recording.one("converged"))
      .LAB_CONVERGED as ConvergedInput;
    expect([names(nodes), missing]).toEqual([there, ["w2"]]);
    const whole = (await record(() => buildOnHosts())).recording;
    expect(environmentOf(whole.one("converged")).LAB_CONVERGED).not.toHaveProperty("away");
  });

  test("takes the image that is pushed to it with it, and where it would push another one does", async () => {
    expect(staying(await away("w1"))).toEqual([
      ...["image-app-push", "images-w1-load"],
      ...["nodes-w1-claimed", "nodes-w1-ready", "swarm-w1-join"],
    ]);
    const push = (await away("m1")).one("image-app-push");
    expect(environmentOf(push).LAB_PUSH).toMatchObject({ node: { name: "m2" } });
  });

  test("is no peer that another one counts as open, and still one to take leave of", async () => {
    const recording = await away("w2");
    const peers = (step: string) => names(environmentOf(recording.one(step)).LAB_PEERS);
    expect(peers("nodes-w1-ready")).toEqual(NAMES.filter((name) => name !== "w2"));
    expect(peers("nodes-w1-claimed")).toEqual(NAMES);
  });

  test("is asked for nothing: the API and the entrance are those of others", async () => {
    const api = (await away("m1")).one("swarm-api");
    expect(environmentOf(api).LAB_API).toMatchObject({ kind: "ssh", name: "m2" });
  });
});

test("a lab on hosts is refused before anybody is asked, unless it is known to be unfinished", async () => {
  const config = devConfig({ provider: "hosts", hosts: HOSTS });
  const asked = prepare(config, { root: ROOT, stack: "dev", report: () => undefined });
  await expect(asked).rejects.toThrow(/^swarm-lab:provider: got hosts, need local: .*UNFINISHED/);
});
