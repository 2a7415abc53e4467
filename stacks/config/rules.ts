/**
 * Rules between settings. They see the whole resolved configuration and are pure: each returns what
 * it finds. Errors keep the lab from being built; warnings are shown and the lab is built.
 */
import type { Finding } from "./finding.ts";
import type { LabConfig } from "./resolved.ts";
import { addressErrors } from "./rules/addresses.ts";
import { awsErrors, awsWarnings } from "./rules/aws.ts";
import { hostErrors } from "./rules/hosts.ts";
import { networkErrors, networkWarnings } from "./rules/network.ts";
import { operationErrors } from "./rules/operations.ts";
import { overlaySizeErrors } from "./rules/overlay-size.ts";
import { placementErrors, placementWarnings } from "./rules/placement.ts";
import { portErrors } from "./rules/ports.ts";
import { referenceErrors } from "./rules/references.ts";
import { registryErrors } from "./rules/registry.ts";
import { serviceErrors, serviceWarnings } from "./rules/services.ts";

/** `declared` has `section.name` for every name the person wrote, also where its settings are wrong. */
export function findErrors(config: LabConfig, declared: ReadonlySet<string>): Finding[] {
  return [
    ...addressErrors(config),
    ...awsErrors(config),
    ...hostErrors(config),
    ...networkErrors(config),
    ...operationErrors(config),
    ...overlaySizeErrors(config),
    ...portErrors(config),
    ...referenceErrors(config, declared),
    ...registryErrors(config),
    ...serviceErrors(config),
    ...placementErrors(config),
  ];
}

export function findWarnings(config: LabConfig): Finding[] {
  return [
    ...awsWarnings(config),
    ...networkWarnings(config),
    ...placementWarnings(config),
    ...serviceWarnings(config),
  ];
}
