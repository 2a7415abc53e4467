import { isFloating } from "../../../components/image-reference.ts";
import { milliseconds } from "../duration.ts";
import type { Finding, Path } from "../finding.ts";
import { timeToUnhealthy } from "../resolve.ts";
import type { LabConfig } from "../resolved.ts";
import type { ServiceSettings } from "../resolved-service.ts";
import { placeholderErrors } from "./placeholders.ts";

/** The image that the lab builds and pushes to its registry. */
const BUILT_IN = "app";

/** Services that the lab runs itself: the registry, and what publishes ports where the ingress mesh cannot. */
const OWN_SERVICES = ["registry", "edge"];

export function serviceErrors(config: LabConfig): Finding[] {
  return Object.entries(config.services).flatMap(([name, service]) => {
    const path = ["services", name];
    return [
      ...nameErrors(path, name),
      ...imageErrors(path, service, config.registry.enabled),
      ...modeErrors(path, service),
      ...resourceErrors(path, service),
      ...targetErrors([...path, "secrets"], service.secrets),
      ...targetErrors([...path, "configs"], service.configs),
      ...targetErrors([...path, "mounts"], service.mounts),
      ...placeholderErrors([...path, "env"], service.env),
    ];
  });
}

function nameErrors(path: Path, name: string): Finding[] {
  if (!OWN_SERVICES.includes(name)) return [];
  const need = `a name other than ${OWN_SERVICES.join(" and ")}, the lab's own services`;
  return [{ path, got: `the name "${name}"`, need, fix: "rename it" }];
}

function imageErrors(path: Path, { image }: ServiceSettings, registry: boolean): Finding[] {
  if (image !== BUILT_IN || registry) return [];
  const need = "the lab's registry for this image: nodes pull it from there";
  const fix = "set registry.enabled to true, or name another image";
  return [{ path: [...path, "image"], value: image, need, fix }];
}

function modeErrors(path: Path, service: ServiceSettings): Finding[] {
  if (service.mode === "replicated" || service.maxReplicasPerNode === undefined) return [];
  const need = "no such limit with mode global, which runs one task on each node";
  const value = service.maxReplicasPerNode;
  return [{ path: [...path, "maxReplicasPerNode"], value, need, fix: "remove it" }];
}

function resourceErrors(path: Path, { resources }: ServiceSettings): Finding[] {
  const { limits, reservations } = resources;
  const at = (key: string) => [...path, "resources", "reservations", key];
  const findings: Finding[] = [];
  if ((reservations.cpus ?? 0) > (limits.cpus ?? Number.POSITIVE_INFINITY)) {
    const need = `at most the limit of ${limits.cpus}`;
    findings.push({ path: at("cpus"), value: reservations.cpus, need });
  }
  const { memoryBytes = 0 } = reservations;
  if (memoryBytes > (limits.memoryBytes ?? Number.POSITIVE_INFINITY)) {
    const need = `at most the limit of ${mebibytes(limits.memoryBytes)}`;
    findings.push({ path: at("memory"), got: mebibytes(memoryBytes), need });
  }
  return findings;
}

function mebibytes(bytes = 0): string {
  return `${Number((bytes / 2 ** 20).toFixed(2))}MiB`;
}

function targetErrors(path: Path, uses: readonly { readonly target: string }[]): Finding[] {
  return uses.flatMap(({ target }, index) => {
    const first = uses.findIndex((use) => use.target === target);
    if (first === index) return [];
    const need = `a target of its own: entry [${first}] has it`;
    return [
      { path: [...path, index], value: target, need, fix: "give one of them another target" },
    ];
  });
}

export function serviceWarnings(config: LabConfig): Finding[] {
  return Object.entries(config.services).flatMap(([name, service]) => {
    const path = ["services", name];
    return [...imageWarnings(path, service), ...monitorWarnings(path, service)];
  });
}

function imageWarnings(path: Path, { image }: ServiceSettings): Finding[] {
  if (image === BUILT_IN || !isFloating(image)) return [];
  const need =
    "a tag other than latest, or a digest: nodes that pull at different times may run different images";
  return [{ path: [...path, "image"], value: image, need }];
}

/** A failure after the monitor's time is no longer the update's: nothing rolls back. */
function monitorWarnings(
  path: Path,
  { healthcheck, update, rollback }: ServiceSettings,
): Finding[] {
  if (!healthcheck) return [];
  const longest = timeToUnhealthy(healthcheck);
  return Object.entries({ update, rollback })
    .filter(([, { monitor }]) => milliseconds(monitor) <= longest)
    .map(([key, { monitor }]) => ({
      path: [...path, key, "monitor"],
      value: monitor,
      need: `more than ${longest / 1000}s, which the health check takes to fail (startPeriod + interval * retries): a bad ${key} would pass`,
      fix: "remove it to have it worked out",
    }));
}
