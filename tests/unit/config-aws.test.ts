import { describe, expect, it, test } from "vitest";
import { vpcOf } from "../../components/nodes/aws/placement.ts";
import { refuseUnfinished } from "../../stacks/unfinished.ts";
import { type BadCase, type Given, load, refusal, wholeMessage } from "./config-support.ts";

const on = (aws: Given = {}, others: Given = {}): Given => ({
  ...{ provider: "aws", aws: { region: "eu-central-1", ...aws } },
  ...others,
});
const CIDR = '"closed" or one IPv4 network from /16 to /32 such as "192.0.2.7/32"';
const BUCKET =
  "a bucket's name: 3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit";
const vpc = vpcOf("dev");

const CLIENTS = 'one IPv4 network from /16 to /32 such as "192.0.2.7/32"';
const PUBLISHED = { app: { image: "app", ports: [{ target: 8080 }] } };
const front = (loadBalancer: Given, others: Given = { services: PUBLISHED }): Given =>
  on({ loadBalancer: { clients: "192.0.2.7/32", ...loadBalancer } }, others);
const many = Array.from({ length: 50 }, (_, at) => ({ target: 8000 + at }));

const LOAD_BALANCER_CASES: readonly BadCase[] = [
  [
    "a load balancer for everybody",
    front({ clients: "0.0.0.0/0" }),
    `swarm-lab:aws.loadBalancer.clients: got "0.0.0.0/0", need ${CLIENTS}`,
  ],
  [
    "a load balancer for nobody in particular",
    on({ loadBalancer: {} }, { services: PUBLISHED }),
    `swarm-lab:aws.loadBalancer.clients: got nothing, need ${CLIENTS}`,
  ],
  [
    "everybody at a port that nobody publishes",
    front({ everybody: ["app.8081"] }),
    'swarm-lab:aws.loadBalancer.everybody[0]: got "app.8081", need a port that a service publishes, as service.target: app.8080',
  ],
  [
    "everybody at the registry",
    front({ registry: true, everybody: ["registry"] }),
    'swarm-lab:aws.loadBalancer.everybody[0]: got "registry", need a port as service.target, such as "app.8080"',
  ],
  [
    "everybody at the registry by its port",
    front({ registry: true, everybody: ["registry.5000"] }),
    'swarm-lab:aws.loadBalancer.everybody[0]: got "registry.5000", need a port that a service publishes, as service.target: app.8080',
  ],
  [
    "a load balancer for a registry that there is not",
    front(
      { registry: true },
      {
        services: { app: { image: "alpine:3", ports: [{ target: 8080 }] } },
        registry: { enabled: false },
      },
    ),
    "swarm-lab:aws.loadBalancer.registry: got true, need a registry: registry.enabled is false; set one of the two otherwise",
  ],
  [
    "a load balancer with nothing behind it",
    front({}, {}),
    "swarm-lab:aws.loadBalancer: got a load balancer with nothing behind it, need a service that publishes a port, or registry: true; add one, or remove the setting: it is paid for by the hour",
  ],
  [
    "more ports than a load balancer has",
    front({ registry: true }, { services: { app: { image: "app", ports: many } } }),
    "swarm-lab:aws.loadBalancer: got a load balancer for 51 ports, need at most 50, which AWS gives one; publish fewer",
  ],
  [
    "a load balancer without its provider",
    { aws: { loadBalancer: { clients: "192.0.2.7/32" } }, services: PUBLISHED },
    "swarm-lab:aws.loadBalancer: got a mapping, need nothing with provider local; set provider to aws, or remove the setting",
  ],
];

const CASES: readonly BadCase[] = [
  [
    "no region",
    { provider: "aws" },
    'swarm-lab:aws.region: got nothing, need the region of the lab, such as "eu-central-1"',
  ],
  [
    "a zone in the place of the region",
    on({ region: "eu-central-1a" }),
    'swarm-lab:aws.region: got "eu-central-1a", need an AWS region such as "eu-central-1"',
  ],
  [
    "a region without its provider",
    { aws: { region: "eu-central-1" } },
    'swarm-lab:aws.region: got "eu-central-1", need nothing with provider local; set provider to aws, or remove the setting',
  ],
  [
    "a zone by its whole name",
    on({}, { zones: ["a", "eu-central-1b", "c"] }),
    'swarm-lab:zones[1]: got "eu-central-1b", need the letter that the name of an availability zone ends with, a to h; write a for eu-central-1a',
  ],
  [
    "SSH from everywhere",
    on({ ssh: "0.0.0.0/0" }),
    `swarm-lab:aws.ssh: got "0.0.0.0/0", need ${CIDR}`,
  ],
  [
    "SSH from half of everywhere",
    on({ ssh: "128.0.0.0/1" }),
    `swarm-lab:aws.ssh: got "128.0.0.0/1", need ${CIDR}`,
  ],
  [
    "SSH from an address that is not the network's first",
    on({ ssh: "192.0.2.7/24" }),
    'swarm-lab:aws.ssh: got "192.0.2.7/24", need the first address of the network; write "192.0.2.0/24"',
  ],
  [
    "an instance type that is none",
    on({ instanceType: "small" }),
    'swarm-lab:aws.instanceType: got "small", need an instance type such as "t3.small"',
  ],
  [
    "a disk on which Debian and its images do not fit",
    on({ disk: "4GiB" }),
    'swarm-lab:aws.disk: got "4GiB", need a size of at least 8GiB such as "512MiB" (units KiB, MiB, GiB)',
  ],
  [
    "an end that comes before its machines are up",
    on({ lifetime: "10m" }),
    'swarm-lab:aws.lifetime: got "10m", need a duration of at least 1h such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "managers as spot instances",
    on({ managers: "spot" }),
    "swarm-lab:aws.managers: got an unknown key, need one of region, instanceType, disk, workers, protected, lifetime, ssh, bucket, loadBalancer, prices; remove it",
  ],
  [
    "a bucket whose name S3 would take and its certificate not cover",
    on({ bucket: { name: "dev.backups" } }),
    `swarm-lab:aws.bucket.name: got "dev.backups", need ${BUCKET}`,
  ],
  [
    "a bucket without a name",
    on({ bucket: { lockDays: 3 } }),
    `swarm-lab:aws.bucket.name: got nothing, need ${BUCKET}`,
  ],
  [
    "a lock without an end",
    on({ bucket: { name: "dev-backups", lockDays: 0 } }),
    "swarm-lab:aws.bucket.lockDays: got 0, need days, from 1 to 36500",
  ],
  [
    "a bucket without its provider",
    { aws: { bucket: { name: "dev-backups" } } },
    "swarm-lab:aws.bucket: got a mapping, need nothing with provider local; set provider to aws, or remove the setting",
  ],
  ...LOAD_BALANCER_CASES,
  [
    "a price below nothing",
    on({ prices: { instanceHour: { "t3.small": -1 } } }),
    'swarm-lab:aws.prices.instanceHour["t3.small"]: got -1, need a price in US dollars, from 0 to 1000',
  ],
  [
    "a VPC without room for a subnet in each zone",
    on({}, { network: { subnet: "10.20.0.0/24" } }),
    'swarm-lab:network.subnet: got "10.20.0.0/24", need a network from /16 to /22 with provider aws: it is cut into eight, one subnet for each zone; make it larger, or set it to "auto"',
  ],
  [
    "an overlay where the lab's VPC is",
    on({}, { network: { overlays: { app: { subnet: vpc } } } }),
    `swarm-lab:network.overlays.app.subnet: got "${vpc}", need a network apart from the lab's VPC (${vpc}); choose another range, or name the VPC's in network.subnet`,
  ],
  [
    "what only containers have",
    on({}, { nodes: { memory: "512MiB" } }),
    "swarm-lab:nodes.memory: got 536870912, need nothing with provider aws: it is for nodes that are containers; remove the setting",
  ],
  [
    "hosts",
    on(
      {},
      {
        hosts: [...[{ name: "m1", role: "manager", zone: "a", address: "192.0.2.1" }]].map(
          (host) => ({ ...host, hostKey: "ssh-ed25519 AAAAC3Nz" }),
        ),
      },
    ),
    "swarm-lab:hosts: got a list of 1, need none with provider aws, which makes its nodes itself; set provider to hosts, or remove them",
  ],
];

describe("a lab on AWS is refused", () => {
  it.each(CASES)("with %s", (_, given, line) => {
    expect(refusal(given)).toBe(wholeMessage(line));
  });
});

describe("a lab on AWS", () => {
  test("needs to say no more than its region", () => {
    expect(load(on()).config.aws).toEqual({
      ...{ region: "eu-central-1", instanceType: "t3.small", diskGib: 20 },
      ...{ workers: "on-demand", protected: false, lifetime: "24h0m0s" },
      prices: { instanceHour: {}, spotHour: {} },
    });
  });

  test("pays for a whole GiB where it wants a part of one", () => {
    expect(load(on({ disk: "8.25GiB" })).config.aws.diskGib).toBe(9);
  });

  test("has a bucket for backups only where one is named", () => {
    expect(load(on()).config.aws).not.toHaveProperty("bucket");
    expect(load(on({ bucket: { name: "dev-backups" } })).config.aws.bucket).toEqual({
      ...{ name: "dev-backups", oldVersionDays: 30 },
    });
    const locked = { name: "dev-backups", oldVersionDays: 3, lockDays: 7 };
    expect(load(on({ bucket: locked })).config.aws.bucket).toEqual(locked);
  });

  test.each(["xn--dev", "sthree-dev", "dev-s3alias", "dev--ol-s3", "-dev", "dev-", "de", "Dev"])(
    "has no bucket called %s",
    (name) => {
      expect(() => load(on({ bucket: { name } }))).toThrow(BUCKET);
    },
  );

  test("has a load balancer only where one is asked for, for the one network that is named", () => {
    expect(load(on()).config.aws).not.toHaveProperty("loadBalancer");
    expect(load(front({})).config.aws.loadBalancer).toEqual({
      ...{ clients: "192.0.2.7/32", everybody: [], registry: false },
    });
    const open = { everybody: ["app.8080"], registry: true };
    expect(load(front(open)).config.aws.loadBalancer).toMatchObject(open);
  });

  test("may name the one network from which SSH is open", () => {
    expect(load(on({ ssh: "192.0.2.7/32" })).config.aws.ssh).toBe("192.0.2.7/32");
    expect(load(on({ ssh: "closed" })).config.aws).not.toHaveProperty("ssh");
  });

  test("may be in a VPC of the user's range, as far as there is room for fifty workers", () => {
    const subnet = "10.20.0.0/22";
    expect(load(on({}, { workers: 50, network: { subnet } })).config.network.subnet).toBe(subnet);
  });

  test("is warned of the addresses that AWS gives an account, and of no less", () => {
    const about = (given: Given) =>
      load(given).warnings.filter((line) => line.includes("Elastic IP"));
    expect(about(on({}, { workers: 3 }))).toEqual([
      "swarm-lab:workers: got 6 nodes, need at most 5 unless AWS granted the account more: each has an Elastic IP address",
    ]);
    expect(about(on())).toEqual([]);
    expect(about({ workers: 3 })).toEqual([]);
  });
});

describe("a provider that is being built", () => {
  test("is refused in one sentence, with how to try it", () => {
    expect(() => refuseUnfinished("aws", {})).toThrow(
      "swarm-lab:provider: got aws, need local: provider aws is being built and has not been proved on AWS; set SWARM_LAB_UNFINISHED=aws to try it with an account whose bill you read",
    );
    expect(() => refuseUnfinished("aws", { SWARM_LAB_UNFINISHED: "hosts" })).toThrow(/got aws/);
  });

  test("is let pass by who names it, and the finished one by everybody", () => {
    expect(refuseUnfinished("aws", { SWARM_LAB_UNFINISHED: "aws" })).toBeUndefined();
    expect(refuseUnfinished("local", {})).toBeUndefined();
  });
});
