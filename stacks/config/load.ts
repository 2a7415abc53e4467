import { describeProblem, type Problem, refuse } from "../../components/errors.ts";
import { readContents } from "./contents.ts";
import { type Finding, type Path, Reporter } from "./finding.ts";
import { findingsOf } from "./issues.ts";
import { labNameProblem } from "./lab-name.ts";
import { existing, isRaw, type Raw, rawSettings, without } from "./raw.ts";
import { resolveSettings } from "./resolve.ts";
import type { LabConfig } from "./resolved.ts";
import { findErrors, findWarnings } from "./rules.ts";
import { type Settings, schema } from "./schema.ts";

export interface ConfigRequest {
  /** Name of the Pulumi project, the namespace of its settings. */
  readonly project: string;
  /** Name of the Pulumi stack, which becomes the lab's. */
  readonly stack: string;
  /** What `pulumi.runtime.allConfig()` returns: `project:key` to text, secrets decrypted. */
  readonly all: Readonly<Record<string, string>>;
  /** The project's folder, which files are relative to. */
  readonly root: string;
  /**
   * Top-level keys, without the namespace, that Pulumi holds encrypted: what was given there is not
   * quoted in a message. Passwords and contents of secrets never are.
   */
  readonly secretKeys?: Iterable<string>;
}

export interface LoadedConfig {
  readonly config: LabConfig;
  /** One line each, of the shape of an error. */
  readonly warnings: readonly string[];
}

/**
 * The lab's configuration, whole and checked. Throws one UserError that names every problem: where,
 * what was given, what is needed, what to do.
 */
export function loadConfig(request: ConfigRequest): LoadedConfig {
  const reporter = new Reporter(request.project, new Set(request.secretKeys));
  const raw = rawSettings(request.project, request.all);
  const { settings, findings, unsound } = parse(raw);
  const contents = readContents(settings, request.root);
  const config = resolveSettings(request.stack, settings, contents);
  const later = [...contents.findings, ...findErrors(config, declaredIn(raw))];
  const sound = later.filter(({ path }) => !isTouched(path, unsound));
  const problems = [...findings, ...sound].map((finding) => reporter.problem(finding));
  const name = labNameProblem(request.stack);
  refuse(
    "the configuration has mistakes; nothing was changed",
    withoutDoubles([...(name ? [name] : []), ...problems]),
  );
  const warnings = findWarnings(config).map((finding) => reporter.problem(finding));
  return { config, warnings: warnings.map(describeProblem) };
}

interface Parsed {
  readonly settings: Settings;
  readonly findings: readonly Finding[];
  /** Paths of what the schema refused. */
  readonly unsound: readonly Path[];
}

/**
 * Parses as much as can be: what the schema refuses is left out and the rest parsed again, so that
 * the rules can speak about it in the same message.
 */
function parse(raw: Raw): Parsed {
  const findings: Finding[] = [];
  const unsound: Path[] = [];
  let rest = raw;
  for (;;) {
    const result = schema.safeParse(rest, { reportInput: true });
    if (result.success) return { settings: result.data, findings, unsound };
    const found = findingsOf(result.error.issues);
    findings.push(...found.filter(({ path }) => !isTouched(path, unsound)));
    const before = rest;
    for (const { path } of found) rest = without(rest, existing(before, path));
    if (rest === before) throw new Error("the schema refuses what cannot be left out");
    unsound.push(...found.map(({ path }) => path));
  }
}

/** Names that were given something, sound or not: referring to one of them is no mistake of its own. */
function declaredIn(raw: Raw): ReadonlySet<string> {
  const names = new Set<string>();
  for (const section of ["secrets", "configs"]) {
    for (const name of keysOf(raw[section])) names.add(`${section}.${name}`);
  }
  const network = raw.network;
  for (const name of isRaw(network) ? keysOf(network.overlays) : []) names.add(`overlays.${name}`);
  return names;
}

function keysOf(value: unknown): string[] {
  return isRaw(value) ? Object.keys(value) : [];
}

/**
 * Whether something at `path`, in it or around it, was left out as unsound: then what is found there
 * speaks of a default or of the gap, and is no mistake of the person's.
 */
function isTouched(path: Path, unsound: readonly Path[]): boolean {
  return unsound.some((other) => {
    const shared = Math.min(path.length, other.length);
    return path.slice(0, shared).every((part, index) => part === other[index]);
  });
}

function withoutDoubles(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [describeProblem(problem), problem]));
  return [...seen.values()];
}
