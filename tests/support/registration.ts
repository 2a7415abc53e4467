import { plainOf } from "./properties.ts";

/** Options of a registration as the engine is told them. */
export interface RecordedOptions {
  readonly deletedWith: string;
  readonly deleteBeforeReplace: boolean;
  readonly additionalSecretOutputs: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly replacementTrigger: unknown;
  readonly dependencies: readonly string[];
  /** Dependencies by input: what a change of the other resource may reach. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider: string;
  readonly providers: Readonly<Record<string, string>>;
  readonly aliases: number;
  readonly customTimeouts: Readonly<Record<"create" | "update" | "delete", string>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly urn: string;
  /** URN of the parent, "" for the topmost. */
  readonly parent: string;
  /** As on the wire: secrets wrapped and unknowns marked. See properties.ts. */
  readonly wire: Readonly<Record<string, unknown>>;
  /** The same without the wrapping. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: RecordedOptions;
}

/** What is read of a request to register a resource; the SDK does not export its type. */
export interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDeletedwith(): string;
  getDeletebeforereplace(): boolean;
  getAdditionalsecretoutputsList(): string[];
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): Entries<{ getUrnsList(): string[] }>;
  getProvider(): string;
  getProvidersMap(): Entries<string>;
  getAliasesList(): unknown[];
  getCustomtimeouts(): { getCreate(): string; getUpdate(): string; getDelete(): string };
  getProtect(): boolean;
  getRetainondelete(): boolean;
}

interface Entries<V> {
  forEach(each: (value: V, key: string) => void): void;
}

function mapOf<V, W>(entries: Entries<V>, map: (value: V) => W): Record<string, W> {
  const result: Record<string, W> = {};
  entries.forEach((value, key) => {
    result[key] = map(value);
  });
  return result;
}

function optionsOf(request: RegisterRequest): RecordedOptions {
  const timeouts = request.getCustomtimeouts();
  return {
    deletedWith: request.getDeletedwith(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: mapOf(request.getPropertydependenciesMap(), (urns) => urns.getUrnsList()),
    provider: request.getProvider(),
    providers: mapOf(request.getProvidersMap(), (reference) => reference),
    aliases: request.getAliasesList().length,
    customTimeouts: {
      create: timeouts.getCreate(),
      update: timeouts.getUpdate(),
      delete: timeouts.getDelete(),
    },
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
  };
}

/** The request as data; `urn` is what the monitor answered. */
export function registrationOf(request: RegisterRequest, urn: string): Registration {
  const wire = request.getObject()?.toJavaScript() ?? {};
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    urn,
    parent: request.getParent(),
    wire,
    inputs: plainOf(wire) as Registration["inputs"],
    options: optionsOf(request),
  };
}
