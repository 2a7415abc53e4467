import { REGISTRY_PORT } from "../../swarm/ports.ts";
import { KERNEL_PROBE, type KernelProbe, parseKernelProbe } from "../kernel-probe.ts";
import { quoted } from "../quote.ts";
import { CLAIM_FILE, parseClaim, type SeenClaim } from "./claim.ts";

/** What a host says of itself before anything is changed on it. */
export interface HostFacts {
  /** /etc/machine-id: two hosts with one id are one machine, or clones of one. */
  readonly machineId: string;
  readonly hostname: string;
  /** ID and VERSION_ID of /etc/os-release. */
  readonly distribution: { readonly id: string; readonly version: string };
  readonly systemd: boolean;
  /** Its clock less that of this machine, in seconds, as far as the time of the question allows to tell. */
  readonly skew: number;
  readonly freeBytes: number;
  readonly memoryBytes: number;
  /** Version of the engine that runs; null where none answers. */
  readonly engine: string | null;
  /**
   * `docker info`: inactive, pending, active, error or locked; and the ids of node and cluster. A member whose engine does not
   * answer, as one that is still starting, is pending.
   */
  readonly swarm: { readonly state: string; readonly nodeId: string; readonly clusterId: string };
  /** Whose host it is. */
  readonly claim: SeenClaim;
  /** Ports of the swarm's and of the registry's on which something listens, such as "tcp/2377". */
  readonly listening: readonly string[];
  /** MTU of the interface that has the node's address; 0 when none has it. */
  readonly mtu: number;
  /** The host firewalls that are on: ufw, firewalld. */
  readonly firewalls: readonly string[];
  readonly kernel: KernelProbe;
}

/**
 * Without iptables (it comes with the engine) the kernel's modules are asked for instead of tried: the probe changes
 * nothing, and nothing is installed for it.
 */
const WITHOUT_IPTABLES = `command -v iptables >/dev/null || {
  iptables() { case "$*" in *ipvs*) modprobe --dry-run xt_ipvs ;; *) modprobe --dry-run --all xt_bpf xt_policy ;; esac; }
  genl() { modprobe --dry-run ip_vs; }
}
`;

/** Prints what `parseFacts` reads. `address`: the node's. Run as root. */
export const factsScript = (address: string): string => `
export LC_ALL=C
. /etc/os-release
info=$(timeout 5 docker info --format '{{.ServerVersion}}\t{{.Swarm.LocalNodeState}}\t{{.Swarm.NodeID}}\t{{with .Swarm.Cluster}}{{.ID}}{{end}}' 2>/dev/null || true)
device=$(ip -o -4 addr show to ${address} | awk '{ print $2; exit }')
echo "machineId $(cat /etc/machine-id)"
echo "hostname $(hostname)"
echo "distribution $ID \${VERSION_ID:-none}"
echo "systemd $([ -d /run/systemd/system ] && echo yes || echo no)"
echo "disk $(df -Pk /var/lib | awk 'NR == 2 { print $4 }')"
echo "memory $(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)"
echo "info $info"
echo "member $([ -e /var/lib/docker/swarm/docker-state.json ] && echo yes || echo no)"
echo "claim $(cat ${CLAIM_FILE} 2>/dev/null || true)"
echo "listening $(ss -Hlntu | awk '{ n = split($5, at, ":"); print $1 "/" at[n] }' | grep -E '^(tcp/2377|tcp/7946|udp/7946|udp/4789|tcp/${REGISTRY_PORT})$' | sort -u | tr '\\n' ' ' || true)"
echo "mtu $([ -z "$device" ] && echo 0 || cat "/sys/class/net/$device/mtu")"
echo "firewalls $({ ufw status 2>/dev/null | grep -q '^Status: active' && echo ufw; firewall-cmd --state >/dev/null 2>&1 && echo firewalld; true; } | tr '\\n' ' ')"
echo "clock $(date +%s.%N)"
echo kernel
unshare --net timeout 20 sh -c ${quoted(`${WITHOUT_IPTABLES}${KERNEL_PROBE}`)}
`;

/**
 * Reads what the script printed. `asked` and `answered`: this machine's time in seconds when it was sent and when its answer
 * was there. Throws an Error that names what is missing.
 */
export function parseFacts(text: string, asked: number, answered: number): HostFacts {
  const [head = "", probe = ""] = text.split("\nkernel\n");
  const lines = new Map(
    head.split("\n").map((line) => {
      const at = line.indexOf(" ");
      return at < 0 ? ([line, ""] as const) : ([line.slice(0, at), line.slice(at + 1)] as const);
    }),
  );
  const told = (key: string): string => {
    const value = lines.get(key);
    if (value === undefined) throw new Error(`the host said nothing of its ${key}`);
    return value.trim();
  };
  const words = (key: string) => told(key).split(/\s+/).filter(Boolean);
  const [id = "", version = ""] = words("distribution");
  const [engine = "", state = "", nodeId = "", clusterId = ""] = (lines.get("info") ?? "").split(
    "\t",
  );
  const clock = Number(told("clock"));
  return {
    machineId: told("machineId"),
    hostname: told("hostname"),
    distribution: { id, version },
    systemd: told("systemd") === "yes",
    // Anywhere between the two it was right: only what lies outside is skew.
    skew: clock < asked ? clock - asked : Math.max(0, clock - answered),
    freeBytes: Number(told("disk")) * 1024,
    memoryBytes: Number(told("memory")) * 1024,
    engine: engine || null,
    swarm: {
      state: state || (told("member") === "yes" ? "pending" : "inactive"),
      nodeId,
      clusterId,
    },
    claim: parseClaim(told("claim")),
    listening: words("listening"),
    mtu: Number(told("mtu")),
    firewalls: words("firewalls"),
    kernel: parseKernelProbe(probe),
  };
}
