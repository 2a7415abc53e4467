import type { KernelFeatures } from "./types.ts";

const PROBED = ["vxlan", "esp", "xtMatch", "ipvs", "netem", "nfs"] as const;
type Probed = (typeof PROBED)[number];

/** A feature of the kernel without which something that was planned would be silently dead. */
export type KernelNeed = Exclude<Probed, "netem" | "nfs">;

/** What the kernel can do and, for each lack, what it said when it was asked. */
export interface KernelProbe extends KernelFeatures {
  readonly said: Readonly<Partial<Record<Probed, string>>>;
}

/**
 * Shell that succeeds where the kernel has a client of NFS. The mount is refused in any case, for want of the server's address;
 * until then the module has been asked for.
 */
export const NFS_CLIENT = "mount -i -t nfs 192.0.2.1:/ /mnt; grep -w nfs /proc/filesystems";

/**
 * Tries what the engine does (26.1.5: libnetwork/drivers/overlay/{ov_utils,encryption,bpf}.go) instead of reading a
 * kernel's flags: a module that is not loaded yet is loaded by the request. Everything happens in the network
 * namespace of a container without a network. Prints `release X` and a line `FEATURE yes` or `FEATURE no REASON` each.
 */
export const KERNEL_PROBE = String.raw`
try() {
  feature=$1 commands=$2
  if said=$(eval "$commands" 2>&1); then echo "$feature yes"
  else echo "$feature no $(printf %s "$said" | tr -s '[:space:]' ' ')"; fi
}
select-iptables >/dev/null 2>&1
echo "release $(uname -r)"
# An overlay's link: the engine itself answers ARP and looks up forwarding entries.
try vxlan 'ip link add sl-vxlan type vxlan id 4096 dstport 4789 proxy l2miss l3miss'
# One direction between two nodes: AES-GCM, 128 bits and a salt (a throw-away key), 64 bits of check value.
ends='src 192.0.2.1 dst 192.0.2.2'
try esp '
  ip xfrm state add $ends proto esp spi 0x1000 reqid 13681891 mode transport \
    aead "rfc4106(gcm(aes))" 0x000102030405060708090a0b0c0d0e0f10111213 64 &&
  ip xfrm policy add $ends proto udp dport 4789 dir out mark 0xd0c4e3 mask 0xffffffff \
    tmpl $ends proto esp spi 0x1000 reqid 13681891 mode transport'
# Datagrams of network 4096: those going out are marked for the policy above, those coming in clear are dropped.
vni='-p udp --dport 4789 -m bpf --bytecode'
code='7,32 0 0 4294963252,7 0 0 0,64 0 0 4,116 0 0 8,21 1 0 4096,6 0 0 0,6 0 0 4294967295'
try xtMatch '
  iptables -t mangle -A OUTPUT $vni "$code" -j MARK --set-mark 13681891 &&
  iptables -A INPUT -m policy --dir in --pol none $vni "$code" -j DROP'
# The match of the ingress network brings ip_vs with it; the engine then programs it over this netlink family.
try ipvs '
  iptables -t nat -A POSTROUTING -m ipvs --ipvs -j ACCEPT &&
  genl ctrl get name IPVS'
try netem 'tc qdisc add dev lo root netem delay 1ms'
try nfs '${NFS_CLIENT}'
`;

/** Reads what the probe printed. Throws an Error that names the line when a feature is missing, double or neither yes nor no. */
export function parseKernelProbe(text: string): KernelProbe {
  const answers = new Map<string, string>();
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const [, key, value] = /^(\w+) (\S.*)$/.exec(line.trim()) ?? [];
    if (key === undefined || value === undefined || answers.has(key)) {
      throw new Error(`kernel probe: got the line "${line.trim()}", need each feature once`);
    }
    answers.set(key, value);
  }
  const release = answers.get("release");
  if (release === undefined) throw new Error("kernel probe: got no release, need `release X`");
  const said: Partial<Record<Probed, string>> = {};
  const can = (feature: Probed): boolean => {
    const [, answer, reason = ""] = /^(yes|no)(?: (.*))?$/.exec(answers.get(feature) ?? "") ?? [];
    if (answer === undefined) {
      const got = answers.get(feature) ?? "nothing";
      throw new Error(`kernel probe: ${feature}: got ${got}, need yes or no`);
    }
    if (answer === "no") said[feature] = reason || "no reason given";
    return answer === "yes";
  };
  const [vxlan, esp, xtMatch] = [can("vxlan"), can("esp"), can("xtMatch")];
  const [ipvs, netem, nfs] = [can("ipvs"), can("netem"), can("nfs")];
  return { release, vxlan, esp, xtMatch, ipvs, netem, nfs, said };
}
