import type { Problem } from "../../errors.ts";
import { REGISTRY_PORT } from "../../swarm/ports.ts";
import type { KernelFeatures } from "../types.ts";
import { type Claim, isOurs } from "./claim.ts";
import type { HostFacts } from "./facts.ts";

/** A host as it was configured, and what it said of itself. */
export interface SeenHost {
  /** Where it stands in the configuration, such as `swarm-lab:hosts[0]`. */
  readonly where: string;
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly address: string;
  /** Whether the lab's registry will be on it. */
  readonly registry: boolean;
  readonly facts: HostFacts;
}

export interface HostRules {
  /** Whose the hosts are to be. */
  readonly claim: Claim;
}

const DISTRIBUTIONS = ["debian", "ubuntu"];
/** What an engine, its images and a swarm need to begin with. */
const LEAST_FREE = 2 * 2 ** 30;
const LEAST_MEMORY = 480 * 2 ** 20;
/** Certificates and the Raft log bear a few seconds; TLS refuses a certificate that is not valid yet. */
const MOST_SKEW = 5;
/** VXLAN takes 50 bytes and IPsec up to 38 more of each packet. */
const LEAST_MTU = 1280;
const OLDEST_ENGINE = 20;

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** The ports that a node needs and that something listens on; the registry's only where it will be. */
export const takenPorts = ({ registry, facts }: SeenHost): string[] =>
  facts.listening.filter((port) => registry || port !== `tcp/${REGISTRY_PORT}`);

/** What is wrong with one host by itself. Pure. */
export function hostProblems(host: SeenHost, rules: HostRules): Problem[] {
  const { where, name, address, facts } = host;
  const problems: Problem[] = [];
  const add = (wrong: boolean, problem: Omit<Problem, "where">) => {
    if (wrong) problems.push({ where: `${where} (${name})`, ...problem });
  };
  const { distribution, swarm } = facts;
  const taken = takenPorts(host);
  const { lab, id } = facts.claim;
  const ours = isOurs(facts.claim, rules.claim);
  add(!DISTRIBUTIONS.includes(distribution.id) || !facts.systemd, {
    got: `${distribution.id} ${distribution.version}${facts.systemd ? "" : " without systemd"}`,
    need: "Debian or Ubuntu with systemd",
  });
  add(facts.hostname !== name, {
    got: `the hostname ${facts.hostname}`,
    need: `${name}: a swarm lists its nodes by their hostnames`,
    fix: `name it ${facts.hostname} in the configuration, or \`hostnamectl hostname ${name}\` on the host`,
  });
  add(facts.mtu === 0, {
    got: `no interface with ${address}`,
    need: "one: the other hosts dial that address",
    fix: "correct the address, or set `ssh` where only SSH comes another way",
  });
  add(facts.mtu > 0 && facts.mtu < LEAST_MTU, {
    got: `an MTU of ${facts.mtu}`,
    need: `at least ${LEAST_MTU}: VXLAN and IPsec take 88 bytes of it`,
  });
  add(Math.abs(facts.skew) > MOST_SKEW, {
    got: `a clock that is ${Math.abs(facts.skew).toFixed(0)} s ${facts.skew > 0 ? "ahead" : "behind"}`,
    need: `one within ${MOST_SKEW} s of this machine's: certificates have a time from which they are valid`,
    fix: "let NTP set it",
  });
  add(facts.freeBytes < LEAST_FREE, {
    got: `${gib(facts.freeBytes)} free for /var/lib`,
    need: `at least ${gib(LEAST_FREE)}`,
  });
  add(facts.memoryBytes < LEAST_MEMORY, {
    got: `${gib(facts.memoryBytes)} of memory`,
    need: `at least ${gib(LEAST_MEMORY)}`,
  });
  add(!facts.kernel.vxlan, {
    got: `kernel ${facts.kernel.release} without VXLAN`,
    need: "VXLAN: overlay networks are made of it",
    fix: "install the distribution's own kernel",
  });
  add(facts.engine !== null && Number.parseInt(facts.engine, 10) < OLDEST_ENGINE, {
    got: `engine ${facts.engine}`,
    need: `${OLDEST_ENGINE}.10 or newer`,
    fix: "update Docker",
  });
  add(lab !== "" && !ours, {
    got:
      lab === rules.claim.lab
        ? `a host of another lab that is called ${lab} too (${id})`
        : `a host of the lab ${lab}`,
    need: "one that no other lab uses",
    fix: "take that lab down first, from the checkout that made it, or remove /etc/swarm-lab on the host if it is gone",
  });
  add(swarm.state !== "inactive" && !ours, {
    got: `a node of a swarm (${swarm.state}${swarm.clusterId ? `, cluster ${swarm.clusterId}` : ""})`,
    need: "one that is in no swarm",
    fix: "`docker swarm leave` there, if it may lose it",
  });
  add(swarm.state === "inactive" && !ours && taken.length > 0, {
    got: `something that listens on ${taken.join(", ")}`,
    need: "the swarm's ports free, and the registry's where it will be",
    fix: "`ss -lntup` on the host says what it is; stop it",
  });
  return problems;
}

/** What is wrong with the hosts taken together. Pure. */
export function togetherProblems(hosts: readonly SeenHost[]): Problem[] {
  const doubles = hosts.flatMap(({ where, name, facts }, at) => {
    const first = hosts.findIndex((other) => other.facts.machineId === facts.machineId);
    if (first === at) return [];
    return [
      {
        where: `${where} (${name})`,
        got: `the machine id of ${hosts[first]?.name}`,
        need: "a machine of its own",
        fix: "remove one of the two; of clones, one needs `systemd-machine-id-setup` after /etc/machine-id is emptied",
      },
    ];
  });
  const clusters = new Set(hosts.map(({ facts }) => facts.swarm.clusterId).filter(Boolean));
  if (clusters.size < 2) return doubles;
  return [
    ...doubles,
    {
      where: "swarm-lab:hosts",
      got: `managers of ${clusters.size} swarms (${[...clusters].join(", ")})`,
      need: "hosts of one swarm, or of none",
      fix: "let those of all but one leave theirs",
    },
  ];
}

/**
 * What every node's kernel can do: a swarm is as good as its weakest node. A host that is silent counts with what was on
 * record of all of them: its absence must not decide anew what the others build on.
 */
export function sharedKernel(
  hosts: readonly SeenHost[],
  recorded?: KernelFeatures,
): KernelFeatures {
  const kernels = [...hosts.map(({ facts }) => facts.kernel), ...(recorded ? [recorded] : [])];
  const all = (feature: Exclude<keyof KernelFeatures, "release">) =>
    kernels.every((kernel) => kernel[feature]);
  const releases = new Set(kernels.flatMap(({ release }) => release.split(", ")));
  return {
    release: [...releases].join(", "),
    vxlan: all("vxlan"),
    esp: all("esp"),
    xtMatch: all("xtMatch"),
    ipvs: all("ipvs"),
    netem: all("netem"),
    nfs: all("nfs"),
  };
}
