import { Address4 } from "ip-address";
import { LABEL_LAB, LABEL_SPARE } from "../labels.ts";
import { type Captured, capture } from "../process.ts";
import type { ContainerNode } from "./container.ts";
import { NodeCommandError } from "./exec.ts";
import { NODE_CAPABILITIES, NODE_CGROUPNS, NODE_SECURITY_OPTS } from "./local/containment.ts";

type Machine = Pick<ContainerNode, "name" | "connection" | "address">;

/**
 * Where a spare machine is: in the place of the node, with its address; beside it in the same network, with one of its own;
 * or where nothing can be reached.
 */
export type SparePlace = "node's network" | "beside" | "isolated";

interface Inspected {
  readonly Image: string;
  readonly Config: { readonly Cmd: readonly string[]; readonly Labels: Record<string, string> };
  readonly NetworkSettings: {
    readonly Networks: Record<
      string,
      { readonly Aliases: readonly string[] | null; readonly IPPrefixLen: number }
    >;
  };
}

interface NetworkInspected {
  readonly IPAM: { readonly Config: readonly { readonly Subnet: string }[] };
  readonly Containers: Record<string, { readonly IPv4Address: string }>;
}

async function must(node: Machine, what: string, args: readonly string[], stdin?: string) {
  const command = ["docker", "--host", node.connection.engine, ...args];
  // By way of a pipe: the client opens /dev/stdin by its name, and what stands there otherwise is a socket.
  const words = stdin === undefined ? command : ["sh", "-euc", 'cat | "$@"', "sh", ...command];
  const [first = "", ...rest] = words;
  const result: Captured = await capture(first, rest, {
    timeout: 60_000,
    ...(stdin === undefined ? {} : { stdin }),
  });
  if (result.code !== 0 && !/No such (container|volume)/i.test(result.stderr))
    throw new NodeCommandError(node.name, what, result);
  return result.stdout.trim();
}

/** The highest address of a network that nobody has: a lab takes its own from the low end. */
async function freeAddress(node: Machine, network: string): Promise<string> {
  const found = await must(node, "looking at its network", ["network", "inspect", network]);
  const [seen] = JSON.parse(found) as NetworkInspected[];
  const taken = Object.values(seen?.Containers ?? {}).map(({ IPv4Address }) => IPv4Address);
  const used = new Set(taken.map((address) => address.split("/")[0]));
  const { Subnet: subnet = "" } = seen?.IPAM.Config[0] ?? {};
  const all = new Address4(subnet);
  for (let at = all.endAddress().offset(-1); at.bigInt() > all.startAddress().bigInt(); ) {
    const address = at.correctForm();
    if (!used.has(address)) return address;
    at = at.offset(-1);
  }
  throw new Error(`${network}: no address of ${subnet} is free`);
}

const nameOf = (node: Machine, suffix: string) => `${node.connection.container}-${suffix}`;

/** What a spare machine's container is made with, besides the rights that every node has. */
interface Shape {
  readonly image: string;
  readonly hostname: string;
  readonly labels: readonly string[];
  readonly links: readonly string[];
  readonly command: readonly string[];
}

async function makeMachine(node: Machine, name: string, shape: Shape): Promise<void> {
  const { image, hostname, labels, links, command } = shape;
  const [apparmor = "", seccomp = ""] = NODE_SECURITY_OPTS;
  await must(
    node,
    "making a machine",
    [
      ...["container", "create", "--name", name, "--hostname", hostname, ...labels],
      ...NODE_CAPABILITIES.adds.flatMap((capability) => ["--cap-add", capability]),
      // The client takes a profile from a file only.
      ...["--security-opt", apparmor, "--security-opt", "seccomp=/dev/stdin"],
      ...["--cgroupns", NODE_CGROUPNS, "--volume", `${name}:/var/lib/docker`, ...links],
      ...[image, ...command],
    ],
    seccomp.replace(/^seccomp=/, ""),
  );
}

async function inspected(node: Machine): Promise<Inspected> {
  const { container } = node.connection;
  const found = await must(node, "looking at its machine", ["container", "inspect", container]);
  const [seen] = JSON.parse(found || "[]") as Inspected[];
  if (seen === undefined) throw new Error(`${container} is not there`);
  return seen;
}

const spareLabels = (seen: Inspected, of: string) => [
  ...["--label", `${LABEL_LAB}=${seen.Config.Labels[LABEL_LAB] ?? ""}`],
  ...["--label", `${LABEL_SPARE}=${of}`],
];

/**
 * Makes a machine such as the node's: the same image (or `image`) and rights, an empty disk and another hostname. In the
 * node's network it takes the node's address, so the node has to be off; beside the node it has a free one. Isolated, it
 * has the node's address too, on a bridge that leads nowhere: an engine does not start its swarm without a route to the
 * peers it remembers. It is off. It carries the lab's label, so that the end of the lab is its end as well.
 */
export async function createSpare<Node extends Machine>(
  node: Node,
  suffix: string,
  place: SparePlace,
  image?: string,
): Promise<Node> {
  const { engine, container } = node.connection;
  const seen = await inspected(node);
  const [network, link] = Object.entries(seen.NetworkSettings.Networks)[0] ?? [];
  if (network === undefined)
    throw new Error(`${container} is in no network, and so no machine can take its place`);
  const name = nameOf(node, suffix);
  const labels = spareLabels(seen, node.name);
  const hostname = `${node.name}-${suffix}`;
  const beside = place === "beside";
  const address = beside ? await freeAddress(node, network) : node.address;
  const aliases = (beside ? [] : (link?.Aliases ?? [])).filter(
    (alias) => !/^[0-9a-f]{12}$/.test(alias),
  );
  const isolated = place === "isolated";
  const spare = {
    ...node,
    ...{ name: hostname, address, connection: { ...node.connection, container: name } },
  };
  await removeSpare(spare);
  await must(node, "making a disk", ["volume", "create", ...labels, name]);
  const prefix = link?.IPPrefixLen || 24; // a node that is off has no prefix length
  const nowhere = `ip link add nowhere type bridge; ip address add ${node.address}/${prefix} dev nowhere; ip link set nowhere up`;
  await makeMachine(node, name, {
    image: image ?? seen.Image,
    ...{ hostname, labels },
    // The engine's flags name certificates, which an isolated machine does not have: nobody could call it.
    command: isolated ? ["-euc", `${nowhere}; exec node-entrypoint`] : seen.Config.Cmd,
    links: isolated
      ? ["--network", "none", "--entrypoint", "sh"]
      : ["--network", network, "--ip", address].concat(
          aliases.flatMap((alias) => ["--network-alias", alias]),
        ),
  });
  if (!isolated) await copyFiles(node, engine, container, name);
  return spare;
}

/**
 * Gives a spare machine beside a node the node's own image: another engine over the same disk, at the same address and
 * under the same hostname. The machine has to be off, and is off afterwards.
 */
export async function changeImage(spare: Machine, node: Machine): Promise<void> {
  const { engine, container } = spare.connection;
  const [is, wanted] = await Promise.all([inspected(spare), inspected(node)]);
  const [network = ""] = Object.keys(is.NetworkSettings.Networks);
  await must(spare, "removing its container", ["container", "rm", container]);
  await makeMachine(spare, container, {
    ...{ image: wanted.Image, hostname: spare.name, command: is.Config.Cmd },
    labels: spareLabels(is, node.name),
    links: ["--network", network, "--ip", spare.address],
  });
  await copyFiles(node, engine, node.connection.container, container);
}

/** Gives the new machine what the provider put on the old one: certificates, and the registry's CA. */
async function copyFiles(node: Machine, engine: string, from: string, to: string) {
  for (const folder of ["/etc/swarm-lab", "/etc/docker"]) {
    const docker = (args: string) => `docker --host "$ENGINE" ${args}`;
    const script = `${docker(`cp "$FROM:${folder}" -`)} | ${docker(`cp - "$TO:/etc"`)}`;
    const result = await capture("sh", ["-euc", script], {
      env: { ENGINE: engine, FROM: from, TO: to },
    });
    if (result.code !== 0) throw new NodeCommandError(node.name, `copying ${folder}`, result);
  }
}

/** Removes a spare machine and its disk; does nothing when there is none. */
export async function removeSpare(spare: Machine): Promise<void> {
  const { container } = spare.connection;
  await must(spare, "removing its machine", ["container", "rm", "--force", "--volumes", container]);
  await must(spare, "removing its disk", ["volume", "rm", "--force", container]);
}

/** Removes all spare machines of a lab from an engine, whoever left them. */
export async function removeSpares(engine: string, lab: string): Promise<void> {
  const filter = ["--filter", `label=${LABEL_LAB}=${lab}`, "--filter", `label=${LABEL_SPARE}`];
  const list = ["--host", engine, "ps", "--all", ...filter, "--format", "{{.Names}}"];
  const { code, stdout, stderr } = await capture("docker", list);
  if (code !== 0) throw new Error(`listing the spare machines of ${lab}: ${stderr.trim()}`);
  for (const container of stdout.split("\n").filter(Boolean))
    await removeSpare({
      name: container,
      address: "",
      connection: { kind: "container", engine, container },
    });
}
