import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { html, Markup } from "./markup.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** What a plot is drawn for: a page that is wide, as on paper, or a phone's. Pixels. */
export const SIZES = { wide: 880, narrow: 328 } as const;
export type Size = keyof typeof SIZES;

/** Colours are variables of the page's style, so that one drawing fits a light page, a dark one, and paper. */
export const colour = (name: string): string => `var(--${name})`;

/** Attributes that hold nothing but places: a tenth of a pixel is enough, and half the text. */
const PLACES = ["d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "transform"];

/** What is used of an element; the sources are compiled without a browser's types. */
interface Drawn {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  querySelectorAll(selector: string): Iterable<Drawn>;
}

function rounded(svg: Drawn): void {
  for (const one of svg.querySelectorAll("*"))
    for (const name of PLACES) {
      const value = one.getAttribute(name);
      if (value?.includes(".")) one.setAttribute(name, value.replace(/(\d+\.\d)\d+/g, "$1"));
    }
}

/**
 * Draws a plot as SVG text. To assistive technology it is one image with `label` as its words: the data is in a table
 * beside it. No styles and no ids are left in it, so that any number of plots fit on one page.
 */
export function draw(options: Plot.PlotOptions, label: string): Markup {
  const svg = Plot.plot({ ...options, document: document as never, className: "plot" });
  svg.querySelector("style")?.remove();
  for (const one of svg.querySelectorAll("[aria-label],[aria-description]")) {
    one.removeAttribute("aria-label");
    one.removeAttribute("aria-description");
  }
  for (const name of ["font-family", "xmlns:xlink"]) svg.removeAttribute(name);
  rounded(svg);
  const start = html`<svg role="img" aria-label="${label}"`;
  return new Markup(svg.outerHTML.replace("<svg", () => start.text));
}

/** The same plot for a wide page and for a phone; the page's style shows the one that fits. */
export const bothSizes = (drawn: (size: Size) => Markup): Markup =>
  html`<div class="wide">${drawn("wide")}</div><div class="narrow">${drawn("narrow")}</div>`;

export interface Placed<T> {
  readonly item: T;
  /** 0 is next to the plot. */
  readonly lane: number;
  /** True where the label stands left of its place, as there is no room on the right. */
  readonly left: boolean;
}

/** Pixels of a letter of a label, about. */
export const LETTER = 6;

/** Puts labels above a plot into as few lanes as they need without touching. `x` in pixels, of `width`. */
export function inLanes<T>(
  items: readonly T[],
  { x, text, width }: { x: (item: T) => number; text: (item: T) => string; width: number },
): Placed<T>[] {
  const taken: [number, number][][] = [];
  return items.map((item) => {
    const at = x(item);
    const long = text(item).length * LETTER + 8;
    const left = at + long > width;
    const [from, to] = left ? [at - long, at] : [at, at + long];
    let lane = 0;
    while (taken[lane]?.some(([begin, end]) => from < end && to > begin)) lane += 1;
    taken[lane] = [...(taken[lane] ?? []), [from, to]];
    return { item, lane, left };
  });
}

/** Moves values apart that are nearer than `gap`, each as little as it needs; returns them in the order they came. */
export function apart(values: readonly number[], gap: number): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const moved: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (const { value, index } of order) {
    const at = Math.max(value, least);
    moved[index] = at;
    least = at + gap;
  }
  return moved;
}
