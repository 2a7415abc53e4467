import { Address4 } from "ip-address";
import { highestOffset, overlaps, subnetCandidates } from "../../../components/nodes/plan.ts";
import type { Finding, Path } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

export function addressErrors(config: LabConfig): Finding[] {
  return [...overlapErrors(config), ...subnetErrors(config), ...poolErrors(config)];
}

interface Range {
  readonly path: Path;
  readonly what: string;
  readonly cidr: string;
}

/** The ranges that are fixed, in the order in which the later of two gives way. */
function fixedRanges({ network }: LabConfig): Range[] {
  const path = ["network", "subnet"];
  const pool = network.addressPool.subnet;
  const overlays = Object.entries(network.overlays).map(([name, overlay]) => ({
    path: ["network", "overlays", name, "subnet"],
    what: `overlay ${name}`,
    cidr: overlay.subnet,
  }));
  return [
    { path: ["network", "addressPool", "subnet"], what: "the address pool", cidr: pool },
    { path, what: "the nodes' network", cidr: network.subnet },
    ...overlays,
  ].filter(({ cidr }) => cidr !== "auto");
}

function overlapErrors(config: LabConfig): Finding[] {
  const ranges = fixedRanges(config);
  return ranges.flatMap(({ path, cidr }, index) =>
    ranges
      .slice(0, index)
      .filter((earlier) => overlaps(earlier.cidr, cidr))
      .map((earlier) => ({
        path,
        value: cidr,
        need: `a network apart from ${earlier.what} (${earlier.cidr})`,
        fix: "choose another range",
      })),
  );
}

function subnetErrors(config: LabConfig): Finding[] {
  const { subnet } = config.network;
  const path = ["network", "subnet"];
  if (config.provider === "aws") return []; // A VPC has its own measure: rules/aws.ts.
  if (subnet === "auto") {
    const taken = fixedRanges(config).map(({ cidr }) => cidr);
    if (!subnetCandidates(config.lab, taken).next().done) return [];
    const need =
      "a network of its own: the address pool and the overlays leave none of 10.210.0.0 to 10.249.255.0";
    return [{ path, value: subnet, need, fix: "name a subnet, or make the pool smaller" }];
  }
  const needed = highestOffset(config) + 2;
  if (addresses(subnet) >= needed) return [];
  const bits = 32 - Math.ceil(Math.log2(needed));
  const nodes = `${config.managers} managers (from .11) and ${config.workers} workers (from .31)`;
  return [
    {
      path,
      value: subnet,
      need: `at least ${needed} addresses for ${nodes}`,
      fix: `use a /${bits}`,
    },
  ];
}

function poolErrors({ network }: LabConfig): Finding[] {
  const { subnet, size } = network.addressPool;
  const bits = new Address4(subnet).subnetMask;
  if (size < bits) {
    const need = `a prefix length of at least ${bits}: the pool is ${subnet}`;
    return [{ path: ["network", "addressPool", "size"], value: size, need }];
  }
  const automatic = Object.values(network.overlays).filter((overlay) => overlay.subnet === "auto");
  const needed = automatic.length + 1;
  const held = 2 ** (size - bits);
  if (held >= needed) return [];
  const need = `room for ${needed} subnets of /${size} (the ingress network and each overlay with subnet auto), and it holds ${held}`;
  const path = ["network", "addressPool", "subnet"];
  return [{ path, value: subnet, need, fix: "make the pool larger or its subnets smaller" }];
}

function addresses(cidr: string): number {
  return 2 ** (32 - new Address4(cidr).subnetMask);
}
