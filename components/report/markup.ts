import { stripVTControlCharacters } from "node:util";

/** HTML that may go into a page as it is. Made by `html` alone, so that no text from outside is ever taken for it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, markup and lists of it are not; the rest adds nothing. */
export type Part = string | number | Markup | readonly Part[] | undefined | false;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as it stands in HTML, between tags or in a quoted attribute, without the colours of a terminal. */
export const escapeHtml = (text: string): string =>
  stripVTControlCharacters(text).replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);

function rendered(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return part.map(rendered).join("");
}

/** A template of HTML. Whatever is put into it is escaped, unless it is markup itself. Attributes have to be quoted. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...parts.map(rendered)));
}

/** A name for an `id` and the links to it: letters, digits and dashes of `words`, which differ where the words do. */
export const idOf = (...words: readonly string[]): string =>
  words
    .map((word) => word.replace(/[^a-zA-Z0-9-]/g, (other) => `_${other.codePointAt(0)}_`))
    .join("--");
