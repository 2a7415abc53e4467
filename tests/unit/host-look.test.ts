import { describe, expect, test } from "vitest";
import { type HostLook, lookAtHosts } from "../../components/nodes/hosts/look.ts";
import type { KernelFeatures } from "../../components/nodes/types.ts";
import { decideEncryption } from "../../components/swarm/network-mode.ts";
import { StubSsh } from "../support/stub-ssh.ts";

const KERNEL: KernelFeatures = {
  ...{ release: "6.12", vxlan: true, esp: true, xtMatch: true, ipvs: true, netem: true, nfs: true },
};
/** As it was decided when w1, whose kernel has no ESP, was there. */
const POOR: KernelFeatures = { ...KERNEL, release: "6.12, 6.1", esp: false };

const hosts = ["m1", "m2", "m3", "w1"].map((name, at) => ({
  ...{ name, role: name.startsWith("m") ? ("manager" as const) : ("worker" as const), zone: "a" },
  ...{ address: `192.0.2.${11 + at}`, ssh: `192.0.2.${11 + at}`, port: 22, user: "root" },
  ...{ key: "/k", hostKey: "ssh-ed25519 AAAA" },
}));
const look = (kernel: KernelFeatures | undefined): HostLook => ({
  ...{ claim: { lab: "dev", id: "1f2e" }, hosts, dataPathPort: 4789, opens: true },
  ...{ root: "/project", registry: undefined, kernel },
});

/** Hosts of the lab that are in its swarm, all but those at the addresses that nobody reaches. */
const hostsAnswer = (members: readonly string[], ...gone: readonly string[]) =>
  new StubSsh(`at=; for word in "$@"; do case "$word" in root@*) at=\${word#root@} ;; esac; done
case "$at" in ${["none", ...gone].join("|")}) echo "ssh: connect to host $at port 22: No route to host" >&2; exit 255 ;; esac
case "$*" in *"docker node ls"*) printf '%s\\n' ${members.join(" ")}; exit ;; esac
case "$at" in *.11) name=m1 ;; *.12) name=m2 ;; *.13) name=m3 ;; *) name=w1 ;; esac
printf 'machineId %s\\nhostname %s\\ndistribution debian 13\\nsystemd yes\\ndisk 9437184\\nmemory 2046000\\n' $name $name
printf 'info 26.1.5\\tactive\\tn-%s\\tc1\\nmember yes\\nclaim dev 1f2e\\nlistening tcp/7946\\nmtu 1500\\nfirewalls\\nclock %s\\nkernel\\n' $name "$(date +%s.%N)"
printf 'release 6.12\\nvxlan yes\\nesp yes\\nxtMatch yes\\nipvs yes\\nnetem yes\\nnfs yes\\n'`);

const NAMES = hosts.map(({ name }) => name);

describe("a member that does not answer", () => {
  test("changes nothing of what was decided when it did, and is told of", async () => {
    using _ = hostsAnswer(NAMES, "192.0.2.14");
    const { kernel, silent, problems, warnings } = await lookAtHosts(look(POOR));
    expect({ silent, problems }).toEqual({ silent: ["w1"], problems: [] });
    expect(decideEncryption("auto", kernel).inForce).toBe(false);
    expect(kernel.release).toBe("6.12, 6.1");
    expect(warnings).toEqual([
      "swarm-lab:hosts[3].ssh (w1): got no way to 192.0.2.14:22: ssh: connect to host 192.0.2.14 port 22: No route to host: the lab goes on without w1, and takes what its kernel can from the last `up`; bring it back, or remove it from the list",
    ]);
  });

  test("is a problem while nothing is on record that it could stay as", async () => {
    using _ = hostsAnswer(NAMES, "192.0.2.14");
    const { silent, problems } = await lookAtHosts(look(undefined));
    expect(silent).toEqual([]);
    expect(problems.map(({ where }) => where)).toEqual(["swarm-lab:hosts[3].ssh (w1)"]);
  });

  test("is a problem where no manager knows it", async () => {
    using _ = hostsAnswer(["m1", "m2", "m3"], "192.0.2.14");
    expect((await lookAtHosts(look(POOR))).problems).toHaveLength(1);
  });
});

test("hosts that all answer decide by themselves, whatever was on record", async () => {
  using _ = hostsAnswer(NAMES);
  const { kernel, silent, problems, warnings } = await lookAtHosts(look(POOR));
  expect({ silent, problems, warnings }).toEqual({ silent: [], problems: [], warnings: [] });
  expect(kernel).toEqual(KERNEL);
});
