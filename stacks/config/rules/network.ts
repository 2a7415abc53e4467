import { DEFAULT_DATA_PATH_PORT, GOSSIP_PORT } from "../../../components/swarm/ports.ts";
import type { Finding } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** Networks that every engine has of itself. */
const PREDEFINED = ["ingress", "bridge", "host", "none"];

export function networkErrors(config: LabConfig): Finding[] {
  return [...nameErrors(config), ...modeErrors(config)];
}

function nameErrors({ network }: LabConfig): Finding[] {
  const names = Object.keys(network.overlays);
  const path = ["network", "overlays"];
  if (names.length === 0) {
    return [
      {
        path,
        value: {},
        need: "at least one overlay",
        fix: "write `app: {}` or remove the setting",
      },
    ];
  }
  return names
    .filter((name) => PREDEFINED.includes(name))
    .map((name) => ({
      path: [...path, name],
      got: `the name "${name}"`,
      need: "a name that engines do not use themselves",
      fix: "rename it",
    }));
}

function modeErrors({ network }: LabConfig): Finding[] {
  const findings: Finding[] = [];
  if (network.endpointMode === "dnsrr" && network.publish === "ingress") {
    const need = '"auto" or "host" with endpointMode dnsrr: the ingress mesh needs virtual IPs';
    findings.push({ path: ["network", "publish"], value: network.publish, need });
  }
  if (network.dataPathPort === GOSSIP_PORT) {
    const need = `another port: ${GOSSIP_PORT}/udp carries overlay gossip`;
    findings.push({ path: ["network", "dataPathPort"], value: GOSSIP_PORT, need });
  }
  return findings;
}

export function networkWarnings({ network }: LabConfig): Finding[] {
  const findings: Finding[] = [];
  const wholes = [{ path: ["network", "encryption"], encryption: network.encryption }];
  const each = Object.entries(network.overlays)
    .filter(([, overlay]) => overlay.encryption !== network.encryption)
    .map(([name, { encryption }]) => ({
      path: ["network", "overlays", name, "encryption"],
      encryption,
    }));
  const asked = [...wholes, ...each];
  for (const { path } of asked.filter(({ encryption }) => encryption === "required")) {
    const need =
      "ESP, xt_bpf and xt_policy in the kernel of every node; without them the lab is not built";
    findings.push({ path, value: "required", need });
  }
  const encrypts = asked.some(({ encryption }) => encryption !== "off");
  if (encrypts && network.dataPathPort !== DEFAULT_DATA_PATH_PORT) {
    const need = `${DEFAULT_DATA_PATH_PORT} where overlays are encrypted: engines have encrypted that port alone`;
    const fix = "probe the overlay, or set encryption to off";
    findings.push({ path: ["network", "dataPathPort"], value: network.dataPathPort, need, fix });
  }
  return findings;
}
