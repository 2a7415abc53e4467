import type { Problem } from "../../components/errors.ts";

export type Path = readonly (string | number)[];

/** One thing that is wrong with, or to be said about, a setting; the value is quoted when that is safe. */
export interface Finding {
  readonly path: Path;
  /** What was given, to be quoted; or `got`, the same in words. */
  readonly value?: unknown;
  readonly got?: string;
  readonly need: string;
  readonly fix?: string;
}

/** What is never quoted: a leading part of a path, `*` standing for any name. */
const HIDDEN: readonly Path[] = [
  ["secrets"],
  ["configs", "*", "value"],
  ["registry"],
  ["services"],
  ["services", "*", "command"],
  ["services", "*", "args"],
  ["services", "*", "env"],
  ["services", "*", "healthcheck", "test"],
];

/** What is quoted all the same. */
const SHOWN: readonly Path[] = [
  ["secrets", "*", "file"],
  ["secrets", "*", "generate", "length"],
  ["secrets", "*", "generate", "version"],
  ["registry", "enabled"],
  ["registry", "username"],
  ["registry", "volume"],
  ["registry", "storage"],
  ["registry", "bucket"],
  ["registry", "replicas"],
  ["services", "*"],
];

/**
 * How findings become problems of the project `project`. Of the top-level keys in `secretKeys`, which
 * Pulumi holds encrypted, no value is quoted at all.
 */
export class Reporter {
  readonly #project: string;
  readonly #secretKeys: ReadonlySet<string>;

  constructor(project: string, secretKeys: ReadonlySet<string>) {
    this.#project = project;
    this.#secretKeys = secretKeys;
  }

  problem({ path, value, got, need, fix }: Finding): Problem {
    const where = `${this.#project}:${formatPath(path)}`;
    const said = got ?? (this.#isHidden(path) ? kind(value) : quote(value));
    return { where, got: said, need, ...(fix ? { fix } : {}) };
  }

  #isHidden(path: Path): boolean {
    const exception = longest(SHOWN, path);
    if (this.#secretKeys.has(String(path[0]))) return true;
    return longest(HIDDEN, path) > exception;
  }
}

/** The length of the longest pattern that `path` begins with; 0 when there is none. */
function longest(patterns: readonly Path[], path: Path): number {
  const fits = patterns.filter(
    (pattern) =>
      pattern.length <= path.length &&
      pattern.every((part, index) => part === "*" || part === path[index]),
  );
  return Math.max(0, ...fits.map((pattern) => pattern.length));
}

/** `a.b[0]["c.d"]`, as `pulumi config set --path` takes it. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

const LONGEST = 60;

function quote(value: unknown): string {
  if (typeof value !== "string") return isScalar(value) ? String(value) : kind(value);
  const cut = value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value;
  return JSON.stringify(cut);
}

function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function kind(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value))
    return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") {
    return Object.keys(value).length === 0 ? "an empty mapping" : "a mapping";
  }
  const names: Readonly<Record<string, string>> = {
    string: value === "" ? "an empty text" : "a text (not shown)",
    number: "a number (not shown)",
  };
  return names[typeof value] ?? `a ${typeof value}`;
}
