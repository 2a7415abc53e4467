import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { x } from "tinyexec";
import { UserError } from "../../errors.ts";
import type { KernelFeatures } from "../types.ts";

const PROBED = ["vxlan", "esp", "xtMatch", "ipvs", "netem"] as const;
type Probed = (typeof PROBED)[number];

/** What the kernel can do and, for each lack, what it said when it was asked. */
export interface KernelProbe extends KernelFeatures {
  readonly said: Readonly<Partial<Record<Probed, string>>>;
}

/**
 * Tries what the engine does (26.1.5: libnetwork/drivers/overlay/{ov_utils,encryption,bpf}.go) instead of reading a
 * kernel's flags: a module that is not loaded yet is loaded by the request. Everything happens in the network
 * namespace of a container without a network. Prints `release X` and a line `FEATURE yes` or `FEATURE no REASON` each.
 */
const KERNEL_PROBE = String.raw`
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
  const [vxlan, esp, xtMatch, ipvs, netem] = [
    can("vxlan"),
    can("esp"),
    can("xtMatch"),
    can("ipvs"),
    can("netem"),
  ];
  return { release, vxlan, esp, xtMatch, ipvs, netem, said };
}

export interface KernelRequest {
  /** DOCKER_HOST of the engine whose kernel the nodes will have. */
  readonly engine: string;
  /** The node image: its tools do the trying. */
  readonly image: string;
  readonly report?: (line: string) => void;
  /** Ask again, whatever is remembered. */
  readonly fresh?: boolean;
}

/** What was found is remembered for the engine, its kernel and the image; a lack for a day, as modules can be installed. */
const LACKS_LAST = 24 * 60 * 60 * 1000;

function remembered(file: string): KernelProbe | undefined {
  try {
    const { at, output } = JSON.parse(readFileSync(file, "utf8")) as { at: number; output: string };
    const probe = parseKernelProbe(output);
    const whole = Object.keys(probe.said).length === 0;
    return whole || Date.now() - at < LACKS_LAST ? probe : undefined;
  } catch {
    return undefined; // Nothing there yet, or not what this version writes: ask the kernel.
  }
}

function remember(file: string, output: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, JSON.stringify({ at: Date.now(), output }));
  renameSync(whole, file);
}

async function docker(engine: string, args: readonly string[], timeout: number): Promise<string> {
  const child = await x("docker", ["--host", engine, ...args], { timeout });
  if (child.exitCode === 0) return child.stdout;
  const end = child.exitCode === undefined ? "no answer in time" : `exit code ${child.exitCode}`;
  const said = child.stderr.trim().split("\n").at(-1) || end;
  throw new UserError(`kernel probe: docker ${args[0]} on ${engine}: ${said}`);
}

/**
 * Asks the kernel under the nodes, in one short-lived container of the node image, what the lab's networks can build
 * on; later calls cost one `docker info`. Throws UserError when the engine does not answer or cannot run the image.
 */
export async function probeKernel(request: KernelRequest): Promise<KernelProbe> {
  const { engine, image, report = () => {}, fresh = false } = request;
  const id = await docker(engine, ["info", "--format", "{{.ID}} {{.KernelVersion}}"], 30_000);
  const key = createHash("sha256").update(`${id.trim()} ${image}`).digest("hex").slice(0, 16);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const file = join(cache, "swarm-lab", `kernel-${key}.json`);
  const known = fresh ? undefined : remembered(file);
  if (known) return known;
  const started = performance.now();
  const options = [
    "--rm",
    "--network",
    "none",
    "--cap-add",
    "NET_ADMIN",
    "--entrypoint",
    "timeout",
  ];
  const run = ["run", ...options, image, "20", "sh", "-c", KERNEL_PROBE];
  const output = await docker(engine, run, 40_000);
  const probe = parseKernelProbe(output);
  remember(file, output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const lacks = Object.keys(probe.said);
  const found = lacks.length > 0 ? `lacks ${lacks.join(", ")}` : "has all that swarm networks use";
  report(`kernel ${probe.release}: ${found} (${seconds} s)`);
  return probe;
}
