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
 * What there is of `path`: within a list the whole list, and where nothing stands (something is
 * missing) what it is missing from.
 */
export function existing(raw: Raw, path: Path): Path {
  const [head, ...rest] = path;
  if (typeof head !== "string" || !Object.hasOwn(raw, head)) return [];
  const inner = raw[head];
  return [head, ...(isRaw(inner) ? existing(inner, rest) : [])];
}

/** A copy without what stands at `path`. */
export function without(raw: Raw, path: Path): Raw {
  const [head, ...rest] = path;
  if (head === undefined || !Object.hasOwn(raw, head)) return raw;
  const { [head]: inner, ...others } = raw;
  if (rest.length === 0) return others;
  return isRaw(inner) ? { ...others, [head]: without(inner, rest) } : raw;
}

export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
