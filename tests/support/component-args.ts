import * as pulumi from "@pulumi/pulumi";
import { accessRules } from "../../components/nodes/aws/access.ts";
import { handlesOn } from "../../components/nodes/aws/handles.ts";
import { type Listener, listenerRules } from "../../components/nodes/aws/listeners.ts";
import { planPlacement } from "../../components/nodes/aws/placement.ts";
import { planNetwork } from "../../components/nodes/plan.ts";
import { LabRegistry } from "../../components/swarm/registry.ts";
import { OWN_SERVICE } from "../../components/swarm/service-spec.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { REGISTRY_ADDRESS } from "../../stacks/registry-name.ts";
import {
  devConfig,
  ENGINE,
  groundFor,
  handleOf,
  hostNodes,
  plannedNodes,
  providedNodes,
} from "./fixtures.ts";
import { CREDENTIALS } from "./mock-outputs.ts";

const SUBNET = "10.210.3.0/24";
const lab = "dev";
const labels = { team: "blue" };
export const credentials = () => pulumi.secret(CREDENTIALS);

const machine = { image: "swarm-lab/node:1", engineFlags: ["--debug=true"] };
const managers = plannedNodes()
  .filter(({ role }) => role === "manager")
  .map(handleOf);
const settings = {
  autolock: true,
  certExpiry: "2160h0m0s",
  dispatcherHeartbeat: "5s",
  taskHistory: 5,
  snapshotInterval: 10_000,
};
const addressing = {
  addressPool: "10.200.0.0/16",
  addressPoolSize: 24,
  dataPathPort: 4789,
};
const gateway = {
  address: planNetwork(SUBNET).gateway,
  image: "swarm-lab/gateway:1",
  plan: {
    api: { listen: 2376, target: 2376 },
    tcp: { registry: { listen: 5000, target: 5000 } },
  },
  published: { 5000: 20_002, 2376: 20_001 },
  ports: { registry: 20_002, api: 20_001 },
};
const registryArgs = () => ({
  lab,
  address: REGISTRY_ADDRESS,
  image: "sha256:registry",
  storage: { kind: "volume" as const, volume: "registry" },
  credentials: credentials(),
  labels,
});
const firstNode = () => {
  const [node] = providedNodes().nodes;
  if (node === undefined) throw new Error("there are no nodes");
  return node;
};
const planned = (name: string) => {
  const node = plannedNodes().find((each) => each.name === name);
  if (node === undefined) throw new Error(`${name} is not planned`);
  return node;
};

/** The dev lab's nodes on AWS. */
const placement = () =>
  planPlacement({ ...devConfig(), region: "eu-central-1", subnet: "10.20.0.0/16" });
const onAws = {
  ...{ instanceType: "t4g.small", diskGib: 20, spot: true, protected: true },
  labels,
};
const lifetime = { begun: "2026-01-31T12:00:00Z", expires: "2026-02-01T12:00:00Z" };
const placed = (name: string) => {
  const node = handlesOn(placement(), lab, undefined).find((each) => each.name === name);
  if (node === undefined) throw new Error(`${name} is not planned`);
  return node;
};
const needs = ["vxlan", "ipvs"] as const;

const description = { lab, nodes: [] } as unknown as LabDescription;

/** A port of a service, which everybody may open, and the registry, which one network may. */
const LISTENERS: readonly Listener[] = [
  {
    ...{ key: "app-tcp8080", port: 20_003, to: "node", clients: "0.0.0.0/0" },
    ...{ nodes: ["m1", "w1"], check: "tcp" },
  },
  {
    ...{ key: "registry", port: 5000, to: "registry", clients: "198.51.100.0/24" },
    ...{ nodes: ["w1"], check: "https" },
  },
];

/** Arguments for one of each component, by class; made inside `record`. A new component is to be added here. */
export const ARGS = {
  LabCredentials: () => ({
    lab,
    registryHost: "registry.internal",
    username: "lab",
    registryPassword: "REGISTRY-PASSWORD",
  }),
  LocalMachine: () => ({
    lab,
    node: planned("m2"),
    networkName: "swarm-lab-dev",
    credentials: credentials(),
    registry: REGISTRY_ADDRESS,
    memoryBytes: 512 * 2 ** 20,
    cpus: 1.5,
    labels,
    ...machine,
  }),
  Gateway: () => ({
    lab,
    networkName: "swarm-lab-dev",
    aliases: ["gateway", "registry.internal"],
    credentials: credentials(),
    labels,
    ...gateway,
  }),
  LabNetwork: () => ({ lab, engine: ENGINE, subnet: SUBNET, labels }),
  LocalNodes: () => ({
    lab,
    engine: ENGINE,
    nodes: plannedNodes(),
    subnet: SUBNET,
    gateway,
    machine,
    registry: REGISTRY_ADDRESS,
    credentials: credentials(),
    labels,
  }),
  HostMachine: () => {
    const [node, ...others] = hostNodes();
    if (node === undefined) throw new Error("there are no hosts");
    const setup = { firewall: "auto" } as const;
    return {
      ...{ lab, id: "id", node, setup, nodes: [node, ...others], dataPathPort: 4789 },
      answering: others,
      volumes: ["registry"],
      registry: { name: REGISTRY_ADDRESS, addresses: ["192.0.2.21"] },
      credentials: credentials(),
      silent: false,
    };
  },
  HostNodes: () => ({
    ...{ lab, engine: ENGINE, nodes: hostNodes(), registry: REGISTRY_ADDRESS },
    ...{ setup: { firewall: "auto" } as const, dataPathPort: 4789, volumes: ["registry"] },
    ...{ silent: [], credentials: credentials() },
  }),
  AwsNetwork: () => ({ lab, ...placement(), reserved: false, labels }),
  AwsFirewall: () => ({
    ...{ lab, vpcId: "vpc-1", labels },
    rules: [
      ...accessRules({ dataPathPort: 4789, registry: true, ssh: "192.0.2.0/24" }),
      ...listenerRules(LISTENERS),
    ],
  }),
  AwsLoadBalancer: () => ({
    ...{ lab, region: "eu-central-1", vpc: "10.20.0.0/16", vpcId: "vpc-1", labels },
    ...{ subnetIds: { a: "subnet-a", b: "subnet-b" }, securityGroupId: "sg-front" },
    listeners: LISTENERS,
    machines: {
      m1: { instanceId: pulumi.output("i-m1") },
      w1: { instanceId: pulumi.output("i-w1") },
    },
  }),
  AwsIdentity: () => ({ lab, labels }),
  AwsMachine: () => ({
    ...{
      lab,
      region: "eu-central-1",
      node: placed("m2"),
      subnetId: "subnet-b",
      securityGroupIds: ["sg-node", "sg-manager"],
    },
    registry: { name: REGISTRY_ADDRESS, addresses: ["10.20.0.31"] },
    ...{ profile: "profile-1", ami: "ami-1", needs, credentials: credentials(), ...onAws },
  }),
  AwsBackupBucket: () => ({
    ...{ lab, bucket: "dev-backups-111122223333", region: "eu-central-1", labels },
    ...{ oldVersionDays: 30, lockDays: 7 },
  }),
  AwsRegistryBucket: () => ({
    ...{ lab, bucket: "lab-dev-registry-0a1b2c3d4e", region: "eu-central-1", lifetime },
    labels,
  }),
  AwsNodes: () => ({
    ...{ lab, placement: placement(), dataPathPort: 4789, lifetime, ...onAws },
    ...{ engine: ENGINE, registry: REGISTRY_ADDRESS, credentials: credentials(), needs },
    listeners: [] as readonly Listener[],
  }),
  SwarmMember: () => ({
    node: firstNode(),
    managers,
    init: { settings, addressing },
    spec: { availability: "drain" as const, labels: { zone: "a" } },
  }),
  SwarmBootstrap: () => ({
    provided: providedNodes(),
    credentials: credentials(),
    managerAvailability: "drain" as const,
    settings,
    addressing,
  }),
  OverlayNetwork: () => ({
    lab,
    network: "app",
    subnet: "auto",
    attachable: false,
    encrypted: false,
    managers,
    labels,
  }),
  SwarmSecret: () => ({ lab, base64: btoa("hush"), labels }),
  SwarmConfig: () => ({ lab, base64: btoa("hello"), labels }),
  SwarmService: () => ({
    lab,
    service: "app",
    image: "registry.internal:5000/app@sha256:digest",
    spec: OWN_SERVICE,
    networkIds: ["network-id"],
    endpointMode: "dnsrr" as const,
    ports: [],
    secrets: [],
    configs: [],
    mounts: [],
    labels,
  }),
  Edge: () => ({
    lab,
    image: "sha256:gateway",
    routes: [{ service: "app", published: 20_003, target: 8080 }],
    networkIds: ["network-id"],
    labels,
  }),
  LabRegistry: registryArgs,
  RegistryImage: () => ({
    registry: new LabRegistry("other-registry", registryArgs()),
    node: handleOf(planned("m1")),
    holder: "machine-w1-id",
    silent: false,
    engine: ENGINE,
    image: "swarm-lab/app:1",
  }),
  ImageLoad: () => ({ node: firstNode(), engine: ENGINE, images: ["swarm-lab/registry:1"] }),
  ComposeStack: () => ({
    stack: "greeter",
    content: "services: {}",
    variables: { SECRET_APP_TOKEN: "app-token-1" },
    registry: { address: REGISTRY_ADDRESS, username: "lab", password: "REGISTRY-PASSWORD" },
    managers,
  }),
  Backup: () => ({ runId: "one", input: { description }, passphrase: "BACKUP-PASSPHRASE" }),
  Restore: () => ({
    ...{ runId: "one", input: { description, from: "a-backup" } },
    passphrase: "BACKUP-PASSPHRASE",
  }),
  DrillRun: () => ({
    drill: "backup",
    runId: "one",
    input: { description, reports: "/p/reports" },
  }),
  Lab: () => {
    const config = devConfig();
    return { config, ground: groundFor(config), warnings: [], root: "/p", drills: {} };
  },
};
