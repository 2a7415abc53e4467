/** Reading property values as they stand on the wire between program and engine. */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** What stands for an output that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: unknown): value is { value: unknown } =>
  isMap(value) && value[SIGNATURE] === SECRET;

/** The value with every secret unwrapped. */
export function plainOf(value: unknown): unknown {
  if (isSecret(value)) return plainOf(value.value);
  if (Array.isArray(value)) return value.map(plainOf);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainOf(inner)]));
}

function clearTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (isSecret(value)) return [];
  if (Array.isArray(value)) return value.flatMap(clearTexts);
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...clearTexts(inner)]);
}

/** Every text in it, keys among them, that is not inside a secret, a line each: what a state file would show in clear. */
export const clearText = (value: unknown): string => clearTexts(value).join("\n");
