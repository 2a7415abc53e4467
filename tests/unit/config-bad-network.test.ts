import { expect, it } from "vitest";
import { type BadCase, refusal, wholeMessage } from "./config-support.ts";

const CASES: readonly BadCase[] = [
  [
    "a subnet that is no CIDR",
    { network: { subnet: "10.1.2.0" } },
    'swarm-lab:network.subnet: got "10.1.2.0", need "auto" or a private IPv4 network from /16 to /27 such as "10.220.7.0/24"',
  ],
  [
    "a subnet in words",
    { network: { subnet: "any" } },
    'swarm-lab:network.subnet: got "any", need "auto" or a private IPv4 network from /16 to /27 such as "10.220.7.0/24"',
  ],
  [
    "a subnet with a host's address",
    { network: { subnet: "10.1.2.3/24" } },
    'swarm-lab:network.subnet: got "10.1.2.3/24", need the first address of the network; write "10.1.2.0/24"',
  ],
  [
    "a public subnet",
    { network: { subnet: "8.8.8.0/24" } },
    'swarm-lab:network.subnet: got "8.8.8.0/24", need "auto" or a private IPv4 network from /16 to /27 such as "10.220.7.0/24"; take it from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
  ],
  [
    "an IPv6 subnet",
    { network: { subnet: "fd00::/64" } },
    'swarm-lab:network.subnet: got "fd00::/64", need "auto" or a private IPv4 network from /16 to /27 such as "10.220.7.0/24"',
  ],
  [
    "a subnet too large",
    { network: { subnet: "10.0.0.0/8" } },
    'swarm-lab:network.subnet: got "10.0.0.0/8", need "auto" or a private IPv4 network from /16 to /27 such as "10.220.7.0/24"',
  ],
  [
    "a subnet too small for any node",
    { network: { subnet: "10.1.2.0/29" } },
    'swarm-lab:network.subnet: got "10.1.2.0/29", need "auto" or a private IPv4 network from /16 to /27 such as "10.220.7.0/24"',
  ],
  [
    "a subnet too small for the workers",
    { workers: 2, network: { subnet: "10.1.2.0/27" } },
    'swarm-lab:network.subnet: got "10.1.2.0/27", need at least 34 addresses for 3 managers (from .11) and 2 workers (from .31); use a /26',
  ],
  [
    "one worker more than a /26 holds",
    { workers: 33, network: { subnet: "10.1.2.0/26" } },
    'swarm-lab:network.subnet: got "10.1.2.0/26", need at least 65 addresses for 3 managers (from .11) and 33 workers (from .31); use a /25',
  ],
  [
    "a subnet too small for many workers",
    { workers: 50, managers: 7, network: { subnet: "10.1.2.0/26" } },
    'swarm-lab:network.subnet: got "10.1.2.0/26", need at least 82 addresses for 7 managers (from .11) and 50 workers (from .31); use a /25',
  ],
  [
    "a subnet inside the address pool",
    { network: { subnet: "10.200.3.0/24" } },
    'swarm-lab:network.subnet: got "10.200.3.0/24", need a network apart from the address pool (10.200.0.0/16); choose another range',
  ],
  [
    "overlays that overlap each other",
    {
      network: {
        overlays: { front: { subnet: "10.1.0.0/24" }, back: { subnet: "10.1.0.128/25" } },
      },
    },
    'swarm-lab:network.overlays.back.subnet: got "10.1.0.128/25", need a network apart from overlay front (10.1.0.0/24); choose another range',
  ],
  [
    "an overlay inside the nodes' network",
    { network: { subnet: "10.1.0.0/16", overlays: { app: { subnet: "10.1.9.0/24" } } } },
    'swarm-lab:network.overlays.app.subnet: got "10.1.9.0/24", need a network apart from the nodes\' network (10.1.0.0/16); choose another range',
  ],
  [
    "an overlay inside the address pool",
    { network: { overlays: { app: { subnet: "10.200.9.0/24" } } } },
    'swarm-lab:network.overlays.app.subnet: got "10.200.9.0/24", need a network apart from the address pool (10.200.0.0/16); choose another range',
  ],
  [
    "a pool that leaves no subnet for the nodes",
    { network: { addressPool: { subnet: "10.0.0.0/8" } } },
    'swarm-lab:network.subnet: got "auto", need a network of its own: the address pool and the overlays leave none of 10.210.0.0 to 10.249.255.0; name a subnet, or make the pool smaller',
  ],
  [
    "a pool with room for one subnet",
    { network: { addressPool: { subnet: "10.1.0.0/24" } } },
    'swarm-lab:network.addressPool.subnet: got "10.1.0.0/24", need room for 2 subnets of /24 (the ingress network and each overlay with subnet auto), and it holds 1; make the pool larger or its subnets smaller',
  ],
  [
    "subnets larger than their pool",
    { network: { addressPool: { subnet: "10.1.0.0/20", size: 16 } } },
    "swarm-lab:network.addressPool.size: got 16, need a prefix length of at least 20: the pool is 10.1.0.0/20",
  ],
  [
    "subnets of the pool too small for the tasks",
    { network: { addressPool: { size: 28 } }, services: { app: { image: "app", replicas: 12 } } },
    "swarm-lab:network.addressPool.size: got 28, need 22 addresses in overlay app: its tasks, services and 5 nodes have one each; use a /27",
  ],
  [
    "an overlay too small for its tasks",
    {
      network: { overlays: { app: { subnet: "10.1.0.0/28" } } },
      services: { app: { image: "app", replicas: 7 } },
    },
    'swarm-lab:network.overlays.app.subnet: got "10.1.0.0/28", need 17 addresses in overlay app: its tasks, services and 5 nodes have one each; use a /27',
  ],
  [
    "no overlay at all",
    { network: { overlays: {} } },
    "swarm-lab:network.overlays: got an empty mapping, need at least one overlay; write `app: {}` or remove the setting",
  ],
  [
    "an overlay named as the mesh's",
    { network: { overlays: { ingress: {} } } },
    'swarm-lab:network.overlays.ingress: got the name "ingress", need a name that engines do not use themselves; rename it',
  ],
  [
    "an overlay with an underscore",
    { network: { overlays: { my_net: {} } } },
    'swarm-lab:network.overlays.my_net: got the name "my_net", need lower-case letters, digits and hyphens, at most 63 characters, beginning and ending with a letter or digit',
  ],
  [
    "a misspelt overlay setting",
    { network: { overlays: { app: { attacheable: true } } } },
    "swarm-lab:network.overlays.app.attacheable: got an unknown key, need a known one; did you mean attachable?",
  ],
  [
    "an overlay without settings",
    { network: { overlays: { app: null } } },
    "swarm-lab:network.overlays.app: got nothing, need a mapping with keys among subnet, attachable, encryption",
  ],
  [
    "encryption as true",
    { network: { encryption: true } },
    'swarm-lab:network.encryption: got true, need "auto", "required" or "off"',
  ],
  [
    "an encryption that is not offered",
    { network: { encryption: "on" } },
    'swarm-lab:network.encryption: got "on", need "auto", "required" or "off"',
  ],
  [
    "an overlay's encryption that is not offered",
    { network: { overlays: { app: { encryption: "wireguard" } } } },
    'swarm-lab:network.overlays.app.encryption: got "wireguard", need "auto", "required" or "off"',
  ],
  [
    "an endpoint mode that is not offered",
    { network: { endpointMode: "ipvs" } },
    'swarm-lab:network.endpointMode: got "ipvs", need "auto", "vip" or "dnsrr"',
  ],
  [
    "a publish mode that is not offered",
    { network: { publish: "mesh" } },
    'swarm-lab:network.publish: got "mesh", need "auto", "ingress" or "host"',
  ],
  [
    "the mesh without virtual IPs",
    { network: { endpointMode: "dnsrr", publish: "ingress" } },
    'swarm-lab:network.publish: got "ingress", need "auto" or "host" with endpointMode dnsrr: the ingress mesh needs virtual IPs',
  ],
  [
    "a data path port that swarm refuses",
    { network: { dataPathPort: 53 } },
    "swarm-lab:network.dataPathPort: got 53, need a whole number from 1024 to 49151",
  ],
  [
    "the gossip port as data path port",
    { network: { dataPathPort: 7946, encryption: "off" } },
    "swarm-lab:network.dataPathPort: got 7946, need another port: 7946/udp carries overlay gossip",
  ],
  [
    "an MTU too small",
    { network: { mtu: 100 } },
    "swarm-lab:network.mtu: got 100, need a whole number from 576 to 9000",
  ],
  [
    "a port of the API out of range",
    { ports: { api: 70000 } },
    "swarm-lab:ports.api: got 70000, need a port from 1 to 65535",
  ],
  [
    "a port in words",
    { ports: { registry: "any" } },
    'swarm-lab:ports.registry: got "any", need "auto" or a port from 1 to 65535',
  ],
  [
    "one port for both",
    { ports: { api: 21000, registry: 21000 } },
    'swarm-lab:ports.registry: got 21000, need a port of its own: ports.api has it; choose another or write "auto"',
  ],
  [
    "a misspelt port",
    { ports: { apis: 21000 } },
    "swarm-lab:ports.apis: got an unknown key, need a known one; did you mean api?",
  ],
  [
    "autolock as a word",
    { swarm: { autolock: "on" } },
    'swarm-lab:swarm.autolock: got "on", need true or false',
  ],
  [
    "a certificate expiry below swarm's least",
    { swarm: { certExpiry: "30m" } },
    'swarm-lab:swarm.certExpiry: got "30m", need a duration of at least 1h such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a certificate expiry in days",
    { swarm: { certExpiry: "90d" } },
    'swarm-lab:swarm.certExpiry: got "90d", need a duration of at least 1h such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a certificate expiry as a number",
    { swarm: { certExpiry: 2160 } },
    'swarm-lab:swarm.certExpiry: got 2160, need a duration of at least 1h such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a heartbeat without a unit",
    { swarm: { dispatcherHeartbeat: "5" } },
    'swarm-lab:swarm.dispatcherHeartbeat: got "5", need a duration of at least 1s such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a heartbeat too short",
    { swarm: { dispatcherHeartbeat: "100ms" } },
    'swarm-lab:swarm.dispatcherHeartbeat: got "100ms", need a duration of at least 1s such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a negative task history",
    { swarm: { taskHistory: -1 } },
    "swarm-lab:swarm.taskHistory: got -1, need a whole number from 0 to 100",
  ],
  [
    "a snapshot interval of none",
    { swarm: { snapshotInterval: 0 } },
    "swarm-lab:swarm.snapshotInterval: got 0, need a whole number from 1 to 1000000",
  ],
  [
    "a misspelt swarm setting",
    { swarm: { autoLock: true } },
    "swarm-lab:swarm.autoLock: got an unknown key, need a known one; did you mean autolock?",
  ],
];

it.each(CASES)("refuses %s", (_title, given, message) => {
  expect(refusal(given)).toBe(wholeMessage(message));
});
