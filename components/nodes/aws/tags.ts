import { type Ownership, ownershipLabels } from "../../labels.ts";

/** The tags of one thing that the lab owns on AWS: its labels as everywhere, and the Name that the console shows. */
export const tagsOf = (
  name: string,
  owner: Ownership,
  labels: Readonly<Record<string, string>>,
): Record<string, string> => ({ ...ownershipLabels(owner, labels), Name: `${owner.lab}-${name}` });
