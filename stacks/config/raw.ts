import type { Path } from "./finding.ts";

/** Settings as they were written: JSON values, nothing checked. */
export type Raw = Record<string, unknown>;

/** Top-level settings that are texts; Pulumi hands over all others as JSON. */
const TEXTS = new Set(["provider", "managerAvailability"]);

/**
 * The settings of `project` out of everything Pulumi is configured with (`project:key` to text).
 * A text that is not JSON stays a text: the schema then says what is needed in its place.
 */
export function rawSettings(project: string, all: Readonly<Record<string, string>>): Raw {
  const prefix = `${project}:`;
  const own = Object.entries(all).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    own.map(([key, value]) => {
      const name = key.slice(prefix.length);
      return [name, TEXTS.has(name) ? value : jsonOrText(value)];
    }),
  );
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * A copy without what stands at `path`: within a list the whole list goes, and where nothing stands
 * (something is missing) what it is missing from.
 */
export function without(raw: Raw, path: Path): Raw {
  const firstIndex = path.findIndex((part) => typeof part === "number");
  const steps = firstIndex === -1 ? path : path.slice(0, firstIndex);
  const [head, ...rest] = steps;
  if (head === undefined || !(head in raw)) return raw;
  const copy = { ...raw };
  const inner = copy[head];
  const goesDeeper = rest.length > 0 && isRaw(inner) && rest[0] !== undefined && rest[0] in inner;
  if (goesDeeper) copy[head] = without(inner, rest);
  else delete copy[head];
  return copy;
}

export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
