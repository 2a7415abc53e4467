/**
 * The leaves the settings are built from. Each carries, as its zod message, what it needs and what to
 * do (`need; fix`): load.ts turns that into one line that also says where and what was given. A
 * `title` names the kind of value in the reference.
 */
import { z } from "zod";

/** `"a", "b" or "c"`. */
export function orList(words: readonly (string | number)[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}

export function whole(min: number, max: number, need = `a whole number from ${min} to ${max}`) {
  return z.int(need).min(min, need).max(max, need);
}

export function flag() {
  return z.boolean("true or false");
}

export function choice<const T extends readonly string[]>(words: T, need = orList(words)) {
  return z.enum(words, need);
}

export function text(need = "a text") {
  return z.string(need).min(1, need);
}

export function matching(pattern: RegExp, need: string, title: string) {
  return z.string(need).regex(pattern, need).meta({ title });
}

/** What is safe as a DNS label, a Docker object name and a Pulumi resource name at once. */
const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** `max` is 63 for what becomes a DNS label, less where the lab appends to it. */
export function name(max = 63) {
  const need =
    `lower-case letters, digits and hyphens, at most ${max} characters, ` +
    "beginning and ending with a letter or digit";
  return matching(NAME, need, "name").max(max, need);
}

export function port(need = "a port from 1 to 65535") {
  return whole(1, 65535, need);
}

/** "auto" or a port of this machine's loopback address. */
export function portChoice() {
  return z
    .union([z.literal("auto"), port()], '"auto" or a port from 1 to 65535')
    .meta({ title: '"auto" or port' });
}

/** An absolute path inside a container, other than `/`. */
export function containerPath() {
  const need = 'an absolute path in the container, such as "/etc/app.conf"';
  return matching(/^\/[^\0]*[^\0/]$/, need, "path");
}

/** A mapping with fixed keys. Unknown keys are errors; the message lists the known ones for load.ts. */
export function section<T extends z.core.$ZodLooseShape>(shape: T) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? keys.join(", ") : `a mapping with ${orKeys(keys)}`,
  });
}

function orKeys(keys: readonly string[]): string {
  return keys.length === 1 ? `the key ${keys[0]}` : `keys among ${keys.join(", ")}`;
}

/** A mapping whose keys the user chooses. */
export function named<K extends z.ZodType<string, string>, V extends z.ZodType>(
  key: K,
  value: V,
  what: string,
) {
  return z.record(key, value, `a mapping of ${what}`);
}

/** A list without doubles. */
export function unique<T extends z.ZodType>(item: T, need: string) {
  return z.array(item, need).check((list) => {
    for (const [index, entry] of list.value.entries()) {
      if (list.value.indexOf(entry) < index) {
        const message = `each entry once; remove the second one`;
        list.issues.push({ code: "custom", message, input: entry, path: [index] });
      }
    }
  });
}
