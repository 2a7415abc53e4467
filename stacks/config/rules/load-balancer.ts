import { servicePort } from "../../ports.ts";
import type { Finding } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** What AWS gives one network load balancer. */
const MOST_LISTENERS = 50;

/** What is wrong with the load balancer in front of a lab on AWS. */
export function loadBalancerErrors(config: LabConfig): Finding[] {
  const { aws, registry, services } = config;
  if (aws.loadBalancer === undefined) return [];
  const { everybody, registry: withRegistry } = aws.loadBalancer;
  const path = ["aws", "loadBalancer"];
  const published = Object.entries(services).flatMap(([service, { ports }]) =>
    ports.map(({ target }) => servicePort(service, target)),
  );
  const listeners = published.length + (withRegistry ? 1 : 0);
  const findings: Finding[] = everybody.flatMap((port, at) =>
    published.includes(port)
      ? []
      : [
          {
            ...{ path: [...path, "everybody", at], value: port },
            need: `a port that a service publishes, as service.target: ${published.join(", ") || "there is none"}`,
          },
        ],
  );
  if (withRegistry && !registry.enabled)
    findings.push({
      ...{ path: [...path, "registry"], value: true },
      ...{ need: "a registry: registry.enabled is false", fix: "set one of the two otherwise" },
    });
  if (listeners === 0)
    findings.push({
      ...{ path, got: "a load balancer with nothing behind it" },
      need: "a service that publishes a port, or registry: true",
      fix: "add one, or remove the setting: it is paid for by the hour",
    });
  if (listeners > MOST_LISTENERS)
    findings.push({
      ...{ path, got: `a load balancer for ${listeners} ports` },
      ...{ need: `at most ${MOST_LISTENERS}, which AWS gives one`, fix: "publish fewer" },
    });
  return findings;
}
