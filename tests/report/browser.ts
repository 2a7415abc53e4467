import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { capture } from "../../components/process.ts";
import { report, timed } from "../../scripts/cli/report.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const onPath = () =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));

const apt = (...words: string[]) =>
  capture("apt-get", words, {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    timeout: 300_000,
  });

async function install(): Promise<void> {
  const want = ["install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"];
  const first = await apt(...want);
  if (first.code === 0) return;
  // Lists of packages that are old name versions that are gone.
  await apt("update");
  const second = await apt(...want);
  if (second.code !== 0)
    throw new Error(`apt-get install chromium: ${second.stderr.trim().slice(-500)}`);
}

/**
 * The browser to open pages with: CHROME_PATH, or one on the PATH, or Debian's, which root gets by apt-get where it is
 * missing. Undefined elsewhere: a person's own machine is not changed for a test.
 */
export async function findBrowser(): Promise<string | undefined> {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROME_PATH: got ${named}, need the path of a Chromium or Chrome`);
  }
  const found = onPath();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) {
    report("report: no Chromium or Chrome here, so no page is opened; CHROME_PATH names one");
    return undefined;
  }
  await timed("report: Debian's chromium", install);
  return onPath();
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A page that is open, with all that went wrong in it so far. */
export interface Opened {
  readonly page: Page;
  /** Console errors, exceptions, and requests for anything that is not the page itself. */
  readonly problems: string[];
  close(): Promise<void>;
}

/** Opens an address in a window of its own. `own`: the beginning of what it may ask for. */
export async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  own = url,
): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(own) && !asked.startsWith("data:")) problems.push(`request: ${asked}`);
  });
  await page.goto(url);
  return { page, problems, close: () => context.close() };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds wrong with a page as it is now: every rule of WCAG and of good practice, a line for each place. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as {
    violations: Violation[];
    passes: unknown[];
  };
  if (found.passes.length < 10) throw new Error("axe looked at next to nothing");
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = "" }) => `${id}: ${html.slice(0, 120)}: ${failureSummary}`),
  );
}

/** Pixels that a page is wider than its window. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

export const openAll = (page: Page): Promise<unknown> =>
  page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath });
