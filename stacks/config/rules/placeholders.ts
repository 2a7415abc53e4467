import type { Finding, Path } from "../finding.ts";
import type { Labels } from "../resolved-service.ts";

/** The fields that swarm fills in (swarmkit, template/context.go); a task with another is rejected. */
const FIELDS = [
  ".Service.ID",
  ".Service.Name",
  ".Service.Labels",
  ".Node.ID",
  ".Node.Hostname",
  ".Node.Platform.Architecture",
  ".Node.Platform.OS",
  ".Task.ID",
  ".Task.Name",
  ".Task.Slot",
];

/** The variable's value is not quoted: it may hold more than the placeholder. */
export function placeholderErrors(path: Path, env: Labels): Finding[] {
  return Object.entries(env)
    .filter(([, value]) => fieldsIn(value).some((field) => !isKnown(field)))
    .map(([name]) => ({
      path: [...path, name],
      got: "a placeholder that swarm does not fill in",
      need: `one of ${FIELDS.join(", ")}`,
      fix: "a node's labels, its zone among them, are not to be had this way",
    }));
}

function fieldsIn(value: string): string[] {
  return [...value.matchAll(/\{\{([^}]*)\}\}/g)].flatMap(([, inner = ""]) =>
    [...inner.matchAll(/(?<![\w"])\.[A-Za-z][\w.]*/g)].map(([field]) => field),
  );
}

function isKnown(field: string): boolean {
  return FIELDS.includes(field) || field.startsWith(".Service.Labels.");
}
