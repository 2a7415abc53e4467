import { Marked, type PolicyResource, UNKNOWN } from "./policy.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** How one side of the engine writes what is no plain JSON. */
export interface Wire {
  /** What is marked as secret, wrapped, as its value is often falsy; undefined when the value is not marked. */
  readonly secret: (value: unknown) => { readonly value: unknown } | undefined;
  readonly isUnknown: (value: unknown) => boolean;
}

/** Values off the wire, with UNKNOWN and Marked in the place of what stands for them there. */
export function readValue(value: unknown, wire: Wire): unknown {
  const secret = wire.secret(value);
  if (secret !== undefined) return new Marked(readValue(secret.value, wire));
  if (wire.isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map((each) => readValue(each, wire));
  if (!isMapping(value)) return value;
  // `__defaults` and its like are the engine's own notes.
  const own = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(own.map(([key, inner]) => [key, readValue(inner, wire)]));
}

/** Whether it is a mapping of JSON. */
export const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value without its mark. */
export const plain = (value: unknown): unknown => (value instanceof Marked ? value.value : value);

/** What stands at a path, unmarked; undefined where the path leads nowhere, UNKNOWN from the first unknown on. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = plain(value);
  for (const key of path) {
    if (here === UNKNOWN) return UNKNOWN;
    here = isMapping(here) ? plain(here[key]) : undefined;
  }
  return here;
}

/** The elements of a list, unmarked; none where there is no list, or an unknown one. */
export const elements = (value: unknown): unknown[] => {
  const list = plain(value);
  return Array.isArray(list) ? list.map(plain) : [];
};

/** One text among a resource's inputs: where, under which key, and whether Pulumi keeps it encrypted. */
export interface Leaf {
  readonly path: string;
  readonly key: string;
  readonly text: string;
  readonly marked: boolean;
  /** Whether it stands in JSON or a structure that is marked as a whole, which says little of its parts. */
  readonly part: boolean;
}

type Place = Omit<Leaf, "text">;

/** Every text among the inputs; of a text of JSON the texts within, as the lab's steps get their inputs in such. */
export const leavesOf = ({ inputs }: PolicyResource): Leaf[] =>
  Object.entries(inputs).flatMap(([key, value]) =>
    leaves(value, { path: key, key, marked: false, part: false }),
  );

function leaves(value: unknown, here: Place): Leaf[] {
  if (value instanceof Marked) {
    const part = here.part || typeof value.value !== "string";
    return leaves(value.value, { ...here, marked: true, part });
  }
  if (typeof value === "string") {
    const inner = parsed(value);
    return inner === undefined
      ? [{ ...here, text: value }]
      : leaves(inner, { ...here, part: true });
  }
  if (Array.isArray(value))
    return value.flatMap((each, index) =>
      leaves(each, { ...here, path: `${here.path}[${index}]` }),
    );
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, { ...here, key, path: `${here.path}.${key}` }),
  );
}

function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A text that only begins like JSON is a text.
  }
}
