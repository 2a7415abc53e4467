import { createHash } from "node:crypto";
import type { ReportFigures } from "./figures.ts";
import { html, Markup } from "./markup.ts";
import { drillsPart } from "./page-drills.ts";
import { tiles, time } from "./page-parts.ts";
import { practicePart } from "./page-practice.ts";
import { topologyPart } from "./page-topology.ts";
import { underWayPart } from "./page-under-way.ts";

/** What a page brings along besides its content. */
export interface PageAssets {
  readonly style: string;
  /** The program that keeps a served page up to date; a page in a file has none. */
  readonly script?: string;
}

const hashed = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the page may do: its own style, its own script where it has one, and nothing from anywhere else. */
export function contentPolicy({ style, script }: PageAssets): string {
  return [
    "default-src 'none'",
    `style-src ${hashed(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashed(script)}`, "connect-src 'self'"]),
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function summary({ totals, practice, at, topology }: ReportFigures): Markup {
  const last = practice.exams.at(-1);
  return html`<p class="lead">As of ${time(at)} UTC.</p>${tiles([
    ["lab", typeof topology === "string" ? "not seen" : topology.seen.state],
    ["drills passed", totals.passed, `of ${totals.drills} run; there are ${totals.catalogue}`],
    ["writes lost", totals.lost, `of ${totals.acknowledged} acknowledged`],
    ["exercises done", practice.count, `of ${practice.exercises.length}`],
    [
      "last exam",
      last === undefined ? "–" : last.percent,
      last === undefined ? "none yet" : "of 100",
    ],
  ])}`;
}

function footer({ unreadable, otherLabs, withheld, lab }: ReportFigures): Markup {
  return html`<footer>
${unreadable.length > 0 && html`<p>Could not be read:</p><ul>${unreadable.map(({ where, why }) => html`<li><code>${where}</code>: ${why}</li>`)}</ul>`}
${withheld > 0 && html`<p>${withheld} secrets stood in what was read, and were left out.</p>`}
${
  otherLabs.length > 0 &&
  html`<p>Other labs have reports too: ${otherLabs.map(
    (one) => html`<code>npm run report -- --stack ${one}</code> `,
  )}</p>`
}
<p>Made by <code>npm run report</code> from what lab ${lab} recorded: verdicts and evidence of its drills, and what was practised.</p>
</footer>`;
}

/** The whole page: one HTML file that asks for nothing from anywhere. The same figures make the same page. */
export function pageOf(figures: ReportFigures, assets: PageAssets): string {
  const now = underWayPart(figures);
  const parts = [
    ["topology", "Topology"],
    ...(now === undefined ? [] : [["under-way", "Under way"]]),
    ["drills", "Drills"],
    ["practice", "Practice and exam"],
  ] as const;
  const { style, script } = assets;
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(assets)}">
<meta name="color-scheme" content="light dark">
<title>Swarm Lab: report of lab ${figures.lab}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header><h1>Report of lab ${figures.lab}</h1>
${script !== undefined && html`<p id="live" role="status">live</p>`}
<nav aria-label="Parts">${parts.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav></header>
<main id="main" tabindex="-1">
<section aria-label="In short">${summary(figures)}</section>
${topologyPart(figures)}
${now}
${drillsPart(figures)}
${practicePart(figures)}
</main>
${footer(figures)}
${script !== undefined && html`<script>${new Markup(script)}</script>`}
</body>
</html>`.text
  }\n`;
}
