/**
 * Ownership labels. Everything the lab creates on an engine carries them; clean-up, `status` and the
 * tests find things by label and never by guessing at names.
 */
export const LABEL_LAB = "swarm-lab.lab";
export const LABEL_NODE = "swarm-lab.node";
export const LABEL_ROLE = "swarm-lab.role";
export const LABEL_ZONE = "swarm-lab.zone";
/** On a machine that a drill or a rehearsal made beside a node: the node's name. */
export const LABEL_SPARE = "swarm-lab.spare";

export interface Ownership {
  readonly lab: string;
  readonly node?: string;
  readonly role?: string;
  readonly zone?: string;
}

/** The labels of one thing the lab owns, as a map; `extra` are the user's own and never win over ours. */
export function ownershipLabels(
  owner: Ownership,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...extra,
    [LABEL_LAB]: owner.lab,
    ...(owner.node ? { [LABEL_NODE]: owner.node } : {}),
    ...(owner.role ? { [LABEL_ROLE]: owner.role } : {}),
    ...(owner.zone ? { [LABEL_ZONE]: owner.zone } : {}),
  };
}

/** The same labels as the `{label, value}` list that `docker.Container`, `Volume` and `Network` take. */
export function labelList(labels: Readonly<Record<string, string>>) {
  return Object.entries(labels)
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}
