import { type Ownership, ownershipLabels } from "../../labels.ts";

/** The tags of one thing that the lab owns on AWS: its labels as everywhere, and the Name that the console shows. */
export const tagsOf = (
  name: string,
  owner: Ownership,
  labels: Readonly<Record<string, string>>,
): Record<string, string> => ({ ...ownershipLabels(owner, labels), Name: `${owner.lab}-${name}` });

/** On what outlives its lab: what is in it. */
export const TAG_KEPT = "swarm-lab.kept";
export const keptTags = (what: string): Record<string, string> => ({ [TAG_KEPT]: what });

/**
 * The IAM path of a lab's roles and instance profiles. AWS's list of what has a tag leaves roles out ("Services that support
 * the Resource Groups Tagging API"), so by their path they are found.
 */
export const iamPath = (lab: string): string => `/swarm-lab/${lab}/`;
