import type { Verdict } from "../drills/verdict.ts";
import { html, type Markup, type Part } from "./markup.ts";

/** A moment in milliseconds since 1970, as people read it, in UTC. */
export const time = (at: number): Markup => {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`;
};

/** A table that scrolls by itself where it is wider than the page. `caption` names it, for those who hear it too. */
export function table(
  caption: string,
  head: readonly Part[],
  rows: readonly (readonly Part[])[],
): Markup {
  const cells = (row: readonly Part[]) =>
    row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody>
</table></div>`;
}

/** Text as it is, in its lines. It scrolls by itself, so that it has to be reachable by keyboard. */
export const preformatted = (label: string, text: string): Markup =>
  html`<pre tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>`;

/** Something to open. `open`: it is open from the start; `raw`: it stays closed on paper. */
export const opened = (
  summary: Part,
  content: Part,
  { open = false, raw = false, key }: { open?: boolean; raw?: boolean; key?: string } = {},
): Markup =>
  html`<details${open && html` open`}${raw && html` class="raw"`}${key !== undefined && html` data-key="${key}"`}><summary>${summary}</summary>${content}</details>`;

const MARKS: Readonly<Record<Verdict["verdict"], string>> = {
  passed: "✓",
  failed: "✕",
  void: "–",
  unavailable: "–",
};

/** A verdict in its word and colour. */
export const badge = (verdict: Verdict["verdict"]): Markup =>
  html`<span class="badge ${verdict}"><span aria-hidden="true">${MARKS[verdict]} </span>${verdict}</span>`;

/** Figures with their names: a name, a value, and what says more about it. */
export const tiles = (items: readonly (readonly [string, Part, Part?])[]): Markup =>
  html`<dl class="tiles">${items.map(
    ([name, value, more]) =>
      html`<div><dt>${name}</dt><dd>${value}${more !== undefined && html` <small>${more}</small>`}</dd></div>`,
  )}</dl>`;

/** What to type to fill a part that is empty. Words in backticks are commands. */
export const hint = (text: string): Markup =>
  html`<p class="hint">${text
    .split("`")
    .map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}</p>`;

/** What names a lab on the command line, with a space behind it; empty for the one that is meant without. */
export const flagOf = (lab: string): string => (lab === "dev" ? "" : `--stack ${lab} `);
