import { Address4 } from "ip-address";
import type { Finding, Path } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";
import { containerErrors } from "./containers.ts";

export function hostErrors(config: LabConfig): Finding[] {
  if (config.provider !== "hosts") return strayErrors(config);
  return [
    ...countErrors(config),
    ...doubleErrors(config),
    ...rangeErrors(config),
    ...containerErrors(config),
  ];
}

function strayErrors({ provider, hosts }: LabConfig): Finding[] {
  if (hosts.length === 0) return [];
  const need = `none with provider ${provider}, which makes its nodes itself`;
  return [{ path: ["hosts"], value: hosts, need, fix: "set provider to hosts, or remove them" }];
}

function countErrors({ hosts, managers }: LabConfig): Finding[] {
  if (hosts.length === 0)
    return [{ path: ["hosts"], value: hosts, need: "at least one host whose role is manager" }];
  if ([1, 3, 5, 7].includes(managers)) return [];
  const need =
    managers > 7
      ? "1, 3, 5 or 7 of them: each write waits for a majority, so more only slow it down"
      : "1, 3, 5 or 7 of them: an even number survives no more losses than one less";
  return [{ path: ["hosts"], got: `${managers} managers`, need, fix: "change the role of a host" }];
}

/** What has to be each host's own. */
function doubleErrors({ hosts }: LabConfig): Finding[] {
  const own = [
    { key: "name", of: (at: number) => hosts[at]?.name },
    { key: "address", of: (at: number) => hosts[at]?.address },
    { key: "ssh", of: (at: number) => `${hosts[at]?.ssh}:${hosts[at]?.port}` },
  ];
  return hosts.flatMap((_, at) =>
    own.flatMap(({ key, of }) => {
      const first = hosts.findIndex((__, other) => of(other) === of(at));
      if (first === at) return [];
      // Two hosts with one address have one SSH address too where none was given: that is one mistake.
      if (key === "ssh" && hosts[first]?.address === hosts[at]?.address) return [];
      const path: Path = ["hosts", at, key];
      const need = `one that no other host has: it is hosts[${first}]'s as well`;
      return [{ path, value: of(at), need, fix: "remove one of the two or correct it" }];
    }),
  );
}

/** What the swarm hands out inside must not be what the hosts have outside. */
function rangeErrors({ hosts, network }: LabConfig): Finding[] {
  const overlays = Object.entries(network.overlays).filter(([, { subnet }]) => subnet !== "auto");
  const ranges = [
    { what: "the address pool", cidr: network.addressPool.subnet },
    ...overlays.map(([name, { subnet }]) => ({ what: `overlay ${name}`, cidr: subnet })),
  ];
  return hosts.flatMap(({ address }, at) =>
    ranges
      .filter(({ cidr }) => new Address4(address).isInSubnet(new Address4(cidr)))
      .map(({ what, cidr }) => ({
        path: ["hosts", at, "address"],
        value: address,
        need: `an address outside ${what} (${cidr})`,
        fix: "choose another range for it",
      })),
  );
}
