/** What a value may be: the part of a type that the SDK and a plugin's schema must agree on. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "any" | "asset" }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly fields: Fields };

export interface Field {
  readonly shape: Shape;
  /** Whether it may be left out, as an input, or be undefined, as an output. */
  readonly optional: boolean;
}

export type Fields = ReadonlyMap<string, Field>;

/** All differences between two sets of fields, one line each, with the path to where they are. */
export function differences(sdk: Fields, plugin: Fields, path: string): string[] {
  const names = [...new Set([...sdk.keys(), ...plugin.keys()])].sort();
  return names.flatMap((name) => {
    const here = `${path}.${name}`;
    const ours = plugin.get(name);
    const theirs = sdk.get(name);
    if (ours === undefined) return [`${here}: only in the SDK`];
    if (theirs === undefined) return [`${here}: only in the plugin`];
    const optional =
      ours.optional === theirs.optional
        ? []
        : [`${here}: ${theirs.optional ? "optional" : "required"} in the SDK only`];
    return [...optional, ...shapeDifferences(theirs.shape, ours.shape, here)];
  });
}

function shapeDifferences(sdk: Shape, plugin: Shape, path: string): string[] {
  if (sdk.kind === "object" && plugin.kind === "object")
    return differences(sdk.fields, plugin.fields, path);
  if ("of" in sdk && "of" in plugin && sdk.kind === plugin.kind)
    return shapeDifferences(sdk.of, plugin.of, `${path}[]`);
  if (sdk.kind === plugin.kind) return [];
  return [`${path}: ${sdk.kind} in the SDK, ${plugin.kind} in the plugin`];
}
