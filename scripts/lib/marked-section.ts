import { readFileSync, writeFileSync } from "node:fs";
import { UserError } from "../../components/errors.ts";

/** A part of a file that is made by a program, between two marks that stay: `<!-- NAME:begin -->`, `<!-- NAME:end -->`. */
export interface MarkedSection {
  /** Name of the marks. */
  readonly name: string;
  /** What stands there, as a person calls it. */
  readonly what: string;
  /** What it is made from. */
  readonly source: string;
  /** The command that writes it; the file's name comes after it. */
  readonly command: string;
  readonly text: () => string;
}

/** The file's text with the section as it should be. Throws a UserError when the marks are not there. */
function withSection(file: string, text: string, { name, what, text: make }: MarkedSection) {
  const [first, last] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const begin = text.indexOf(first);
  const end = text.indexOf(last, begin);
  if (begin === -1 || end === -1)
    throw new UserError(
      `${file}: got no place for the ${what}, need ${first} and, after it, ${last}`,
    );
  return `${text.slice(0, begin + first.length)}\n\n${make()}\n\n${text.slice(end)}`;
}

/** Throws a UserError that says what to do when the section is not as it should be. */
export function checkSection(file: string, section: MarkedSection): void {
  const text = readFileSync(file, "utf8");
  if (withSection(file, text, section) === text) return;
  const { what, source, command } = section;
  throw new UserError(
    `${file}: got another ${what}, need the one that ${source}; run \`${command} ${file}\``,
  );
}

/** Replaces what stands between the marks. */
export function writeSection(file: string, section: MarkedSection): void {
  writeFileSync(file, withSection(file, readFileSync(file, "utf8"), section));
}
