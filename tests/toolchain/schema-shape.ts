import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import type { Field, Fields, Shape } from "./shape.ts";

const typeSpec = z.object({
  type: z.string().optional(),
  $ref: z.string().optional(),
  get items() {
    return typeSpec.optional();
  },
  get additionalProperties() {
    return typeSpec.optional();
  },
  secret: z.boolean().optional(),
  replaceOnChanges: z.boolean().optional(),
});

const properties = z.record(z.string(), typeSpec);

const objectSpec = z.object({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: properties.default({}),
  required: z.array(z.string()).default([]),
});

const schema = z.object({
  types: z.record(z.string(), objectSpec).default({}),
  resources: z.record(
    z.string(),
    objectSpec.extend({
      inputProperties: properties.default({}),
      requiredInputs: z.array(z.string()).default([]),
    }),
  ),
  functions: z
    .record(z.string(), z.object({ inputs: objectSpec.optional(), outputs: objectSpec.optional() }))
    .default({}),
  provider: z.object({ inputProperties: properties.default({}) }).optional(),
});

type TypeSpec = z.infer<typeof typeSpec>;

/** What a plugin says it serves. */
export class Plugin {
  readonly #schema: z.infer<typeof schema>;

  private constructor(text: string) {
    this.#schema = schema.parse(JSON.parse(text));
  }

  /** Asks a plugin's executable for its schema, with the Pulumi of `bin`. */
  static async of(file: string, bin: string): Promise<Plugin> {
    const options = { maxBuffer: 32 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(
      `${bin}/pulumi`,
      ["package", "get-schema", file],
      options,
    );
    return new Plugin(stdout);
  }

  get tokens(): string[] {
    return [...Object.keys(this.#schema.resources), ...Object.keys(this.#schema.functions)].sort();
  }

  inputs(token: string): Fields {
    const { inputProperties, requiredInputs } = this.#resource(token);
    return this.#fields(inputProperties, requiredInputs);
  }

  outputs(token: string): Fields {
    const { properties, required } = this.#resource(token);
    return this.#fields(properties, required);
  }

  functionInputs(token: string): Fields {
    const { properties, required } = this.#schema.functions[token]?.inputs ?? objectSpec.parse({});
    return this.#fields(properties, required);
  }

  providerInputs(): Fields {
    return this.#fields(this.#schema.provider?.inputProperties ?? {}, []);
  }

  /** Names of the outputs that have a mark. */
  outputsWith(token: string, mark: "secret" | "replaceOnChanges"): string[] {
    const all = Object.entries(this.#resource(token).properties);
    return all.filter(([, spec]) => spec[mark]).map(([name]) => name);
  }

  #resource(token: string) {
    const found = this.#schema.resources[token];
    if (found === undefined) throw new Error(`the plugin has no ${token}`);
    return found;
  }

  #fields(all: Readonly<Record<string, TypeSpec>>, required: readonly string[]): Fields {
    const fields = Object.entries(all).map(([name, spec]): [string, Field] => [
      name,
      { shape: this.#shape(spec), optional: !required.includes(name) },
    ]);
    return new Map(fields);
  }

  #shape(spec: TypeSpec): Shape {
    if (spec.$ref !== undefined) return this.#referred(spec.$ref);
    if (spec.items !== undefined) return { kind: "list", of: this.#shape(spec.items) };
    if (spec.additionalProperties !== undefined)
      return { kind: "map", of: this.#shape(spec.additionalProperties) };
    if (spec.type === "integer") return { kind: "number" };
    if (spec.type === "string" || spec.type === "number" || spec.type === "boolean")
      return { kind: spec.type };
    throw new Error(`cannot read the schema ${JSON.stringify(spec)}`);
  }

  #referred(ref: string): Shape {
    if (ref === "pulumi.json#/Any") return { kind: "any" };
    if (/^pulumi\.json#\/(Asset|Archive)$/.test(ref)) return { kind: "asset" };
    const found = this.#schema.types[decodeURIComponent(ref.replace("#/types/", ""))];
    if (found === undefined) throw new Error(`the schema has no ${ref}`);
    if (found.enum !== undefined) return { kind: "string" };
    return { kind: "object", fields: this.#fields(found.properties, found.required) };
  }
}
