import type { Problem } from "../components/errors.ts";

/** In the place of a value that is not known before `up`. Nothing is said about one: it may be right. */
export const UNKNOWN = Symbol("unknown");

/** A value that Pulumi keeps encrypted and shows nowhere. */
export class Marked {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A resource as the engine shows it to a policy, without the engine. */
export interface PolicyResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** JSON values, with UNKNOWN and Marked among them. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** For an input that was made of other resources: their URNs. */
  readonly references: Readonly<Record<string, readonly string[]>>;
}

/** mandatory: a preview with a problem fails. advisory: it is only said, as the configuration only warns of it. */
type Level = "mandatory" | "advisory";

interface About {
  readonly name: string;
  /** One sentence: what it demands. */
  readonly description: string;
  readonly level: Level;
}

/** Judges one resource by itself, so that what is wrong is said beside it. */
export interface ResourcePolicy extends About {
  readonly judge: (resource: PolicyResource) => Problem[];
}

/** A problem, and the resource at which it is said; without one, at the stack. */
export interface StackProblem extends Problem {
  readonly urn?: string;
}

/** Judges what only all resources together show. */
export interface StackPolicy extends About {
  readonly judgeAll: (resources: readonly PolicyResource[]) => StackProblem[];
}
