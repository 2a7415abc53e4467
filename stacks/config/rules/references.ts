import type { Finding, Path } from "../finding.ts";
import { nearest } from "../nearest.ts";
import type { LabConfig } from "../resolved.ts";
import type { ServiceSettings } from "../resolved-service.ts";

interface Reference {
  readonly path: Path;
  readonly section: "overlays" | "secrets" | "configs";
  readonly name: string;
}

/** What services refer to must have been declared. */
export function referenceErrors(config: LabConfig, declared: ReadonlySet<string>): Finding[] {
  const known = {
    overlays: Object.keys(config.network.overlays),
    secrets: Object.keys(config.secrets),
    configs: Object.keys(config.configs),
  };
  return Object.entries(config.services)
    .flatMap(([name, service]) => referencesOf(["services", name], service))
    .filter(({ section, name }) => {
      return !known[section].includes(name) && !declared.has(`${section}.${name}`);
    })
    .map(({ path, section, name }) => missing(path, section, name, known[section]));
}

function referencesOf(path: Path, service: ServiceSettings): Reference[] {
  const overlays = service.networks.map((name, index) => {
    return { path: [...path, "networks", index], section: "overlays" as const, name };
  });
  const secrets = service.secrets.map(({ secret: name }, index) => {
    return { path: [...path, "secrets", index], section: "secrets" as const, name };
  });
  const configs = service.configs.map(({ config: name }, index) => {
    return { path: [...path, "configs", index], section: "configs" as const, name };
  });
  return [...overlays, ...secrets, ...configs];
}

const SETTING = { overlays: "network.overlays", secrets: "secrets", configs: "configs" };

function missing(
  path: Path,
  section: Reference["section"],
  name: string,
  known: readonly string[],
): Finding {
  const names = known.length === 0 ? ", which has none" : `: ${known.toSorted().join(", ")}`;
  const guess = nearest(name, known);
  const fix = guess ? `did you mean ${guess}?` : `add it to ${SETTING[section]} or remove it here`;
  return { path, value: name, need: `a name from ${SETTING[section]}${names}`, fix };
}
