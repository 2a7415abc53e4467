import * as pulumi from "@pulumi/pulumi";
import type { Lab } from "./lab.ts";

/** What a lab gives to its stack's outputs. */
export type LabResults = Pick<
  Lab,
  "description" | "clusterId" | "reach" | "drills" | "keys" | "registryLogin" | "providerOutputs"
>;

/** The outputs of a lab's stack. What there is none of is left out: Pulumi warns of an undefined one at every run. */
export function stackOutputs({ description, keys, registryLogin, ...lab }: LabResults) {
  const { clusterId, reach, drills, providerOutputs } = lab;
  return {
    ...providerOutputs,
    lab: description,
    clusterId,
    reach,
    /** Verdicts of the drills that were run. */
    drills,
    /** Join tokens, root CA and unlock key. */
    keys: pulumi.secret(keys),
    /** Who may pull from and push to the lab's registry. */
    ...(registryLogin === undefined ? {} : { registryLogin }),
  };
}
