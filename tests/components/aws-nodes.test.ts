import { Vpc } from "@pulumi/aws/ec2/index.js";
import { beforeAll, describe, expect, test } from "vitest";
import type { InstanceInput } from "../../components/nodes/aws/instance-input.ts";
import { AwsMachine, type AwsMachineArgs } from "../../components/nodes/aws/machine.ts";
import { AwsNodes, type AwsNodesArgs } from "../../components/nodes/aws/nodes.ts";
import { planPlacement } from "../../components/nodes/aws/placement.ts";
import { registryPolicy } from "../../components/nodes/aws/policies.ts";
import { userData } from "../../components/nodes/hosts/user-data.ts";
import { ARGS } from "../support/component-args.ts";
import { devConfig, ENGINE } from "../support/fixtures.ts";
import { AMI, CREDENTIALS } from "../support/mock-outputs.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText, UNKNOWN } from "../support/properties.ts";
import { environmentOf, type Recording } from "../support/recording.ts";
import type { Registration } from "../support/registration.ts";

const machine = (changes: Partial<AwsMachineArgs> = {}) =>
  record(() => new AwsMachine("m", { ...ARGS.AwsMachine(), ...changes }));
const nodes = (changes: Partial<AwsNodesArgs> = {}, preview = false) =>
  record(() => new AwsNodes("n", { ...ARGS.AwsNodes(), ...changes }), { preview });

const tags = {
  ...{ team: "blue", "swarm-lab.lab": "dev", "swarm-lab.node": "m2" },
  ...{ "swarm-lab.role": "manager", "swarm-lab.zone": "b", Name: "dev-m2" },
};
const AGENT =
  "https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1/latest/debian_arm64/amazon-ssm-agent.deb";
const asWorker = { ...ARGS.AwsMachine().node, role: "worker" as const };

describe("a machine on AWS", () => {
  let recording: Recording;
  beforeAll(async () => {
    ({ recording } = await machine());
  });

  test("has its addresses on an interface apart from it, which outlives it", () => {
    expect(recording.one("m-interface").inputs).toEqual({
      ...{ subnetId: "subnet-b", privateIps: ["10.20.32.12"] },
      ...{ securityGroups: ["sg-node", "sg-manager"], tags },
    });
    expect(recording.one("m-address").inputs).toEqual({
      ...{ domain: "vpc", networkInterface: "m-interface-id", tags },
    });
    const instance = recording.one("m-instance");
    expect(instance.options.deleteBeforeReplace).toBe(true);
    expect(recording.dependencies(instance)).toEqual(["m-address", "m-interface"]);
  });

  test("is this instance and nothing more", () => {
    expect(recording.custom.map(({ name }) => name).sort()).toEqual([
      ...["m-address", "m-instance", "m-interface", "m-ready"],
    ]);
    expect(recording.one("m-instance").inputs).toEqual({
      ...{ ami: "ami-1", instanceType: "t4g.small", iamInstanceProfile: "profile-1" },
      primaryNetworkInterface: { networkInterfaceId: "m-interface-id" },
      userData: userData({ name: "m2", zone: "b", packageUrls: [AGENT] }),
      metadataOptions: {
        ...{ httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      },
      rootBlockDevice: {
        ...{ volumeType: "gp3", volumeSize: 20, encrypted: true, deleteOnTermination: true, tags },
      },
      ...{ disableApiTermination: true, tags },
    });
  });

  test("is made ready once it is there, and again when it is another one, and is told the registry's CA alone", () => {
    const ready = recording.one("m-ready");
    expect(ready.inputs).toMatchObject({ create: "node scripts/aws/ready.ts" });
    expect(ready.inputs).not.toHaveProperty("delete");
    expect(environmentOf(ready)).toEqual({
      LAB_INSTANCE: {
        node: ARGS.AwsMachine().node,
        registry: { name: "registry.internal:5000", addresses: ["10.20.0.31"] },
        needs: ["vxlan", "ipvs"],
      },
      LAB_MACHINE: "m-instance-id",
      LAB_CA: CREDENTIALS.ca,
    });
    expect(clearText(ready.wire)).not.toContain(CREDENTIALS.ca);
    expect(recording.dependencies(ready)).toEqual(["m-instance"]);
    expect(ready.options.customTimeouts).toMatchObject({ create: "35m", update: "35m" });
  });

  test("stays when Debian has a newer image, or its user data reads another way", () => {
    expect(recording.one("m-instance").options.ignoreChanges).toEqual(["ami", "userData"]);
  });

  test("is a spot instance only as a worker, and then not protected", async () => {
    expect(recording.one("m-instance").inputs).not.toHaveProperty("instanceMarketOptions");
    const spot = (await machine({ node: asWorker })).recording.one("m-instance").inputs;
    expect(spot.instanceMarketOptions).toEqual({
      marketType: "spot",
      spotOptions: { spotInstanceType: "one-time", instanceInterruptionBehavior: "terminate" },
    });
    expect(spot).not.toHaveProperty("disableApiTermination");
    const bought = (await machine({ node: asWorker, spot: false })).recording.one("m-instance");
    expect(bought.inputs).not.toHaveProperty("instanceMarketOptions");
    expect(bought.inputs.disableApiTermination).toBe(true);
  });
});

const INSTANCE = "aws:ec2/instance:Instance";
const isInstance = ({ type }: Registration) => type === INSTANCE;

describe("the machines of a lab on AWS", () => {
  let recording: Recording;
  let made: AwsNodes;
  beforeAll(async () => {
    ({ recording, made } = await nodes());
  });

  test("are one for each node, in the subnet of its zone and the groups of its role", () => {
    const seen = recording
      .ofType("aws:ec2/networkInterface:NetworkInterface")
      .map(({ name, inputs: { subnetId, securityGroups } }) => [name, subnetId, securityGroups]);
    const group = (...names: string[]) => names.map((name) => `n-firewall-${name}-id`);
    expect(seen.sort()).toEqual([
      ["n-m1-interface", "n-network-a-id", group("node", "manager")],
      ["n-m2-interface", "n-network-b-id", group("node", "manager")],
      ["n-m3-interface", "n-network-c-id", group("node", "manager")],
      ["n-w1-interface", "n-network-a-id", group("node", "registry")],
      ["n-w2-interface", "n-network-b-id", group("node")],
    ]);
  });

  test("start from the image that Debian's parameter names, which is no secret", () => {
    const instances = recording.ofType(INSTANCE);
    expect(instances).toHaveLength(5);
    for (const { wire } of instances) expect(wire.ami).toBe(AMI);
  });

  test("are all made in the lab's region", () => {
    expect(recording.one("n-aws").inputs).toMatchObject({ region: "eu-central-1" });
    const made = recording.custom.filter(({ type }) => type.startsWith("aws:"));
    expect(made).toHaveLength(recording.custom.length - 1 - made.filter(isInstance).length);
    for (const each of made) expect(recording.provider(each), each.name).toBe("n-aws");
  });

  test("carry the lab's tags wherever AWS takes tags", () => {
    const untagged = recording.custom.filter(({ inputs }) => !("tags" in inputs));
    expect([...new Set(untagged.map(({ type }) => type))].sort()).toEqual([
      ...["aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation"],
      ...["aws:iam/rolePolicy:RolePolicy", "command:local:Command", "pulumi:providers:aws"],
    ]);
    for (const { name, inputs } of recording.custom.filter((each) => !untagged.includes(each)))
      expect(inputs.tags, name).toMatchObject({
        ...{ team: "blue", "swarm-lab.lab": "dev" },
        ...{ "swarm-lab.begun": "2026-01-31T12:00:00Z" },
        "swarm-lab.expires": "2026-02-01T12:00:00Z",
      });
    // A disk is an input of its instance, and has tags of its own.
    for (const { wire } of recording.ofType(INSTANCE))
      expect(clearText(wire.rootBlockDevice)).toContain("swarm-lab.expires");
  });

  test("start when routes, rules and policy are there: their first packages are fetched once", () => {
    const before = recording.custom.filter(({ name }) =>
      /^n-(network|firewall|identity)-/.test(name),
    );
    expect(before.length).toBeGreaterThan(20);
    for (const { name } of recording.ofType(INSTANCE)) {
      const first = recording.allDependencies(recording.one(name));
      expect(before.filter((each) => !first.has(each.name)).map((each) => each.name)).toEqual([]);
    }
  });

  test("give their public addresses up before the way to the internet goes, which AWS demands", () => {
    for (const { name } of recording.ofType("aws:ec2/eip:Eip"))
      expect([...recording.allDependencies(recording.one(name))], name).toContain(
        "n-network-gateway",
      );
  });

  test("have one role, or where the registry is on S3 a second one for those that run it", async () => {
    const profiles = (given: Recording) =>
      Object.fromEntries(
        given
          .ofType(INSTANCE)
          .map(({ name, inputs }) => [name.slice(2, 4), inputs.iamInstanceProfile]),
      );
    const all = "n-identity-profile-0a1b2c3";
    expect(new Set(Object.values(profiles(recording)))).toEqual(new Set([all]));
    const { recording: withBucket } = await nodes({ registryBucket: "images" });
    const own = "n-holders-profile-0a1b2c3";
    expect(profiles(withBucket)).toEqual({ m1: all, m2: all, m3: all, w1: own, w2: all });
    const { policy } = withBucket.one("n-holders-policy").inputs;
    expect(JSON.parse(String(policy))).toEqual(registryPolicy("images", "eu-central-1"));
    expect(withBucket.one("n-identity-policy").inputs.policy).not.toContain("s3:");
  });

  test("are told of with their addresses", async () => {
    expect(Object.keys(made.machines)).toEqual(["m1", "m2", "m3", "w1", "w2"]);
    const { m2 } = made.machines;
    if (m2 === undefined) throw new Error("there is no m2");
    expect([m2.address, await promiseOf(m2.publicAddress), await promiseOf(m2.instanceId)]).toEqual(
      ["10.20.32.12", "address-of-n-m2-address", "n-m2-instance-id"],
    );
  });

  test("are nodes whose connections are known before they are, and name the instance by its tags", () => {
    const { nodes: provided, api, entrance, entranceFrom, lifetime, buildEngine } = made;
    expect(provided.map(({ handle, silent }) => [handle.name, handle.connection, silent])).toEqual(
      ["m1", "m2", "m3", "w1", "w2"].map((node) => [
        node,
        {
          ...{ kind: "ssh", host: `${node}.dev.eu-central-1`, port: 22, user: "admin" },
          instance: { region: "eu-central-1", lab: "dev", node, way: "session" },
        },
        false,
      ]),
    );
    expect(api).toMatchObject({ kind: "ssh", name: "m1" });
    expect([entrance, entranceFrom.name, buildEngine]).toEqual(["10.20.0.31", "m1", ENGINE]);
    expect(lifetime).toBeInstanceOf(Vpc);
  });

  test("find the registry nearest first, wherever it runs", async () => {
    const wish = { ...devConfig(), registry: { enabled: true, replicas: 2 } };
    const placement = planPlacement({ ...wish, region: "eu-central-1", subnet: "10.20.0.0/16" });
    const { recording: two } = await nodes({ placement });
    const seen = ["m1", "m2", "m3", "w1", "w2"].map((node) => {
      const { LAB_INSTANCE } = environmentOf(two.one(`n-${node}-ready`));
      return [node, ...((LAB_INSTANCE as InstanceInput).registry?.addresses ?? [])];
    });
    const [w1, w2] = ["10.20.0.31", "10.20.32.32"];
    expect(seen).toEqual([
      ...[
        ["m1", w1, w2],
        ["m2", w2, w1],
        ["m3", w1, w2],
      ],
      ...[
        ["w1", w1, w2],
        ["w2", w2, w1],
      ],
    ]);
    const off = planPlacement({
      ...{ ...wish, registry: { enabled: false } },
      ...{ region: "eu-central-1", subnet: "10.20.0.0/16" },
    });
    const { recording: none } = await nodes({ placement: off });
    expect(environmentOf(none.one("n-w1-ready")).LAB_INSTANCE).not.toHaveProperty("registry");
  });

  test("are reached by nobody outside unless the configuration names a network", async () => {
    const from = (given: Recording) =>
      given
        .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .flatMap(({ inputs }) => ("cidrIpv4" in inputs ? [inputs.cidrIpv4] : []));
    expect(from(recording)).toEqual([]);
    expect(from((await nodes({ ssh: "192.0.2.7/32" })).recording)).toEqual(["192.0.2.7/32"]);
  });
});

describe("the first preview of a lab on AWS", () => {
  test("shows the same resources with the same options, and no unknown within a text", async () => {
    const { recording: up } = await nodes();
    const { recording: preview } = await nodes({}, true);
    const urns = (recording: Recording) => recording.all.map(({ urn }) => urn).sort();
    expect(urns(preview)).toEqual(urns(up));
    for (const each of up.all) {
      const shown = preview.one(each.name, each.type);
      const { provider: _, providers: __, ...options } = each.options;
      expect(shown.options, each.name).toMatchObject(options);
      const said = clearText(shown.wire).split("\n");
      for (const text of said.filter((one) => one !== UNKNOWN)) {
        expect(text, each.name).not.toContain(UNKNOWN);
        expect(text, each.name).not.toMatch(/undefined|Calling \[to|NaN/);
      }
    }
  });

  test("knows every address, rule and policy already", async () => {
    const { recording: preview } = await nodes({}, true);
    const unknown = preview.custom.flatMap(({ name, inputs }) =>
      Object.entries(inputs).flatMap(([key, value]) =>
        JSON.stringify(value).includes(UNKNOWN) ? [`${name.replace(/^n-[mw]\d/, "*")}.${key}`] : [],
      ),
    );
    // Ids of what is not there yet, the names that IAM gives, and of what makes a node ready those two that no plan knows.
    expect(unknown.filter((key) => !/(Id|Ids)$/.test(key))).toEqual(
      unknown.filter((key) =>
        /\.(role|securityGroups|networkInterface|primaryNetworkInterface|iamInstanceProfile)$|-ready\.environment$/.test(
          key,
        ),
      ),
    );
    const { LAB_INSTANCE, ...others } = environmentOf(preview.one("n-w1-ready"));
    expect(LAB_INSTANCE).toMatchObject({ node: { name: "w1", address: "10.20.0.31" } });
    expect(others).toEqual({ LAB_MACHINE: UNKNOWN, LAB_CA: CREDENTIALS.ca });
    expect(unknown.length).toBeGreaterThan(20);
  });
});
