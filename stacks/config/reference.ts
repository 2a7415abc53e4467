/** The reference of all settings in Markdown, made from the schema so that it cannot say anything else. */
import { z } from "zod";
import { schema } from "./schema.ts";

type Json = z.core.JSONSchema.BaseSchema;

/** JSON Schema of the settings, keys without their namespace, as a person may write them. */
export function settingsJsonSchema(): Json {
  return z.toJSONSchema(schema, { io: "input" });
}

interface Row {
  readonly path: string;
  readonly value: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** A table of the plain settings, then one for each setting that is a mapping. */
export function configReference(): string {
  const settings = Object.entries(settingsJsonSchema().properties ?? {}).map(([key, node]) => ({
    key,
    rows: rowsOf(asSchema(node), key, false),
  }));
  const plain = settings.filter(({ rows }) => rows.length === 1).flatMap(({ rows }) => rows);
  const mappings = settings
    .filter(({ rows }) => rows.length > 1)
    .map(({ key, rows }) => `### ${key}\n\n${table(rows)}`);
  return [table(plain), ...mappings].join("\n\n");
}

function rowsOf(node: Json, path: string, required: boolean): Row[] {
  const children = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(asSchema(child), `${path}.${key}`, node.required?.includes(key) ?? false),
  );
  const isSection = node.properties !== undefined;
  if (isSection && node.description === undefined) return children;
  const row = { path, value: kindOf(node), fallback: fallbackOf(node, required) };
  return [{ ...row, meaning: node.description ?? "" }, ...children, ...innerRows(node, path)];
}

/** What stands under names of the user's choice, or in the entries of a list. */
function innerRows(node: Json, path: string): Row[] {
  const entry = asSchema(node.additionalProperties);
  if (entry.properties) return rowsOf(entry, `${path}.<name>`, false);
  const item = asSchema(node.items);
  const mapping = [item, ...(item.anyOf ?? []).map(asSchema)].find(({ properties }) => properties);
  return mapping ? rowsOf(mapping, `${path}[]`, false) : [];
}

function kindOf(node: Json): string {
  if (node.title) return node.title;
  if (node.const !== undefined) return code(node.const);
  if (node.enum) return node.enum.map(code).join(", ");
  if (node.type === "array") return "list";
  if (node.type === "object") return "mapping";
  if (node.type === "boolean") return "`true`, `false`";
  if (node.type === "string") return "text";
  return `${node.minimum} to ${node.maximum}`;
}

function fallbackOf(node: Json, required: boolean): string {
  if (node.default !== undefined) return code(node.default);
  return required ? "required" : "";
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ path, value, fallback, meaning }) =>
    [`\`${path}\``, value, fallback, meaning]
      .map((cell) => cell.replaceAll("|", "\\|"))
      .join(" | "),
  );
  const head = ["Setting | Value | Default | Meaning", "--- | --- | --- | ---"];
  return [...head, ...lines].map((line) => `| ${line} |`).join("\n");
}

function asSchema(node: unknown): Json {
  return typeof node === "object" && node !== null ? { ...node } : {};
}
