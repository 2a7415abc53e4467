import type { Claim } from "./drill.ts";

/** A claim that needs no drill: a part of the lab, or its own tests, show it each time. */
export interface ClaimBeside extends Claim {
  /** The file that shows it, from the project's folder. */
  readonly by: string;
}

export const CLAIMS_BESIDE: readonly ClaimBeside[] = [
  {
    says: "Never more than seven managers; three are good for most, five when one is stopped for its backup",
    shows: "More than seven, or an even number, is refused with the reason before anything is made",
    holds: "yes",
    by: "tests/unit/config-bad-lab.test.ts",
  },
  {
    says: "Play with Docker: a throw-away swarm in a minute",
    shows: "`npm run up` takes half of one, once the images are there, and its end leaves nothing",
    holds: "yes",
    by: "tests/e2e/lifecycle.test.ts",
  },
  {
    says: "An engine listens on TCP only with TLS (2376), and on private interfaces",
    shows:
      "A client without a certificate gets no answer, and the machine publishes no port beyond loopback",
    holds: "yes",
    by: "tests/e2e/lifecycle.test.ts",
  },
  {
    says: "Capabilities, seccomp, AppArmor and resource limits contain a container",
    shows:
      "A whole engine does with three capabilities and a system-call profile of its own; without any one of them it fails. AppArmor was not at hand, and limits are not tried",
    holds: "partly",
    by: "tests/e2e/containment.test.ts",
  },
  {
    says: "Stacks need compose v3.1 or later and only work on Swarm",
    shows: "A file without any version is deployed; the key is obsolete",
    holds: "partly",
    by: "tests/e2e/lifecycle.test.ts",
  },
  {
    says: "Replicated and global services; global for what has to be on every node",
    shows: "The application is the one, the edge that publishes its port on each node the other",
    holds: "yes",
    by: "components/swarm/edge.ts",
  },
  {
    says: "Overlays without a key-value store of one's own, in swarm mode only",
    shows:
      "The lab has none, and each `up` sends requests between tasks on different nodes. Two nodes that enter an overlay at once may need half a minute to hear of one another",
    holds: "yes",
    by: "scripts/swarm/converged.ts",
  },
];

/** What the notes claim as well, and nothing here shows yet. */
export const CLAIMS_OPEN: readonly string[] = [
  "Ports 2377/tcp, 7946/tcp and udp, 4789/udp are all that nodes need",
  "Several interfaces need `--advertise-addr`",
  "A registry is made highly available by shared storage",
  "Images are promoted, scanned and signed before production",
  "The routing mesh is layer 4, HTTP routing is layer 7",
  "Macvlan gives containers addresses on the physical network",
  "Client bundles, role-based access, LDAP, a web console",
  "Docker Machine provisions remote hosts",
];
