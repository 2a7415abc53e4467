import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { figuresOf } from "../../components/report/figures.ts";
import { pageOf } from "../../components/report/page.ts";
import { pageAssets } from "../../scripts/report/assets.ts";
import { Gatherer } from "../../scripts/report/gather.ts";
import { goLive } from "../../scripts/report/live.ts";
import * as sample from "../support/report-sample.ts";
import { findBrowser, launch, open, openAll, overhang, violations } from "./browser.ts";

const chrome = await findBrowser();

/** Pictures differ with the fonts of a machine: README's are made with SWARM_LAB_SCREENSHOTS=tests/report/screenshots. */
const FOR_README = process.env.SWARM_LAB_SCREENSHOTS;
const PICTURES = FOR_README ?? join(tmpdir(), "swarm-lab-pictures");
/** Bytes that a picture of the README may have. */
const MOST = 150_000;

const DESKTOP = { viewport: { width: 1000, height: 780 } };
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 1.5, isMobile: true };

const folder = mkdtempSync(join(tmpdir(), "swarm-lab-report-"));
const reports = join(folder, "reports");
const file = join(folder, "report.html");
const url = pathToFileURL(file).href;
let browser: Browser;

const gatherer = () => new Gatherer({ stack: "dev", reports, look: async () => sample.seen() });

async function picture(page: Page, name: string, selector?: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`);
  if (selector === undefined) await page.screenshot({ path });
  else await page.locator(selector).screenshot({ path });
  if (FOR_README) expect(statSync(path).size, path).toBeLessThan(MOST);
}

beforeAll(async () => {
  if (chrome === undefined) return;
  process.env.SWARM_LAB_PROGRESS = join(folder, "practice-done.json");
  writeFileSync(process.env.SWARM_LAB_PROGRESS, JSON.stringify(sample.done()));
  const exams = [sample.exam("1", 1, 4), sample.exam("2", 4, 6), sample.exam("3", 8, 8)];
  writeFileSync(join(folder, "exams-done.json"), JSON.stringify(exams));
  sample.writeSample(reports);
  mkdirSync(PICTURES, { recursive: true });
  const { input } = await gatherer().read();
  const at = Date.UTC(2026, 10, 22, 8, 0); // no picture differs for the hour it was taken in
  const figures = figuresOf({ ...input, at }, { most: 5 });
  writeFileSync(file, pageOf(figures, pageAssets({ live: false })));
  browser = await launch(chrome);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** The newest run is open from the start, and any other closed. */
const CLOSED = "details.drill:has(#drill--leader-loss)";
const DRILL = "details.drill:has(#drill--restore-cluster)";

describe.skipIf(chrome === undefined)("the report in a browser", () => {
  test.each([
    ["desktop", "light", DESKTOP],
    ["desktop", "dark", DESKTOP],
    ["phone", "light", PHONE],
    ["phone", "dark", PHONE],
  ] as const)(
    "on a %s, %s: tells its figures, and nothing is wrong with it",
    async (place, colorScheme, view) => {
      const { page, problems, close } = await open(browser, url, { ...view, colorScheme });
      const text = async (selector: string) =>
        ((await page.locator(selector).first().textContent()) ?? "").replaceAll(/\s+/g, " ").trim();
      expect(await text(".tiles")).toContain("drills passed7 of 8 run");
      expect(await page.locator(".zone").count()).toBe(3);
      expect(await text(".node:has(.leader)")).toContain("m1 manager ★ leader");
      expect(await text("#drills table")).toContain("restore-cluster✓ passed2");
      expect(await text(`${DRILL} .tiles`)).toContain("leader37 s");
      expect(await text(`${DRILL} .trend figcaption`)).toContain(
        "98 s in the last: about the same; 0 of 1335 acknowledged writes lost",
      );
      expect(await text("#practice")).toContain("Exams: 3");
      const plot = page.locator(`${DRILL} article >> nth=0 >> .timeline svg:visible`);
      expect(await plot.count()).toBe(1);
      expect(await plot.getAttribute("aria-label")).toContain("leader back after 37 s");
      const box = await plot.boundingBox();
      expect(box?.width).toBeGreaterThan(place === "phone" ? 250 : 700);
      expect(await overhang(page)).toBe(0);
      if (place === "desktop") {
        await picture(page, `drill-${colorScheme}`, DRILL);
        await page.evaluate("scrollTo(0, 0)");
        await picture(page, `lab-${colorScheme}`);
      } else {
        await page.locator(DRILL).scrollIntoViewIfNeeded();
        await page.evaluate(
          `document.querySelector("#drills figure.timeline").scrollIntoView({ behavior: "instant" })`,
        );
        await picture(page, `phone-${colorScheme}`);
      }
      await openAll(page);
      expect(await violations(page)).toEqual([]);
      expect(await overhang(page)).toBe(0);
      expect(problems).toEqual([]);
      await close();
    },
  );

  test("sees what is wrong with a page: the checks above can fail", async () => {
    const bad = join(folder, "bad.html");
    const lines = Array.from({ length: 12 }, (_, at) => `<p>line ${at}</p>`).join("");
    writeFileSync(
      bad,
      `<!doctype html><html><title>bad</title><main>${lines}<img src="http://127.0.0.1:9/x.png"><div style="width:2000px">wide</div><p style="color:#ccc;background:#fff">pale</p></main><script>console.error("no");throw new Error("never")</script></html>`,
    );
    const { page, problems, close } = await open(browser, pathToFileURL(bad).href, DESKTOP);
    const found = (await violations(page)).join("\n");
    for (const rule of ["html-has-lang", "image-alt", "color-contrast"])
      expect(found).toContain(rule);
    expect(await overhang(page)).toBeGreaterThan(900);
    for (const said of ["console: no", "exception: never", "request: http://127.0.0.1:9/x.png"])
      expect(problems).toContain(said);
    await close();
  });

  test("is used by keyboard alone", async () => {
    const { page, close } = await open(browser, url, DESKTOP);
    const at = (what: string) => page.evaluate(`document.activeElement?.${what}`);
    await page.keyboard.press("Tab");
    expect(await at("textContent")).toBe("To the content");
    await page.keyboard.press("Enter");
    expect(await at("id")).toBe("main");
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      if ((await at("parentElement?.dataset.key")) === "drill--leader-loss") break;
    }
    expect(await page.locator(`${CLOSED}[open]`).count()).toBe(0);
    await page.keyboard.press("Enter");
    expect(await page.locator(`${CLOSED}[open]`).count()).toBe(1);
    await close();
  });

  test("is whole on paper: what was closed is open, and it is light", async () => {
    const { page, close } = await open(browser, url, { ...DESKTOP, colorScheme: "dark" });
    const commands = page.locator(`${DRILL} pre[aria-label^="commands of"]`).first();
    expect(await commands.isVisible()).toBe(false);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect((await commands.boundingBox())?.height).toBeGreaterThan(20);
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
      "rgb(255, 255, 255)",
    );
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(20_000);
    await close();
  });

  test("is live while a drill runs: what comes is shown, what is open stays open", async () => {
    const live = await goLive({
      ...{ gatherer: gatherer(), port: 0, most: 5 },
      say: (line) => expect.unreachable(line),
    });
    const { page, problems, close } = await open(browser, live.url, DESKTOP);
    await page.locator("#live:text('live')").waitFor();
    expect(await page.locator("#under-way").count()).toBe(0);
    await page.locator(`${CLOSED} > summary`).click();
    sample.writeUnderWay(reports, Date.now());
    await page.locator("#under-way h3:text('leader-loss')").waitFor({ timeout: 15_000 });
    expect(await page.locator("#under-way").textContent()).toContain("It is at prove");
    expect(await page.locator(`${CLOSED}[open]`).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    const ended = { ...sample.later(sample.savedEvidence("leader-loss"), { days: 1 }) };
    sample.writeRun(reports, { ...ended, runId: "20261122-101500" });
    await page
      .locator(`${CLOSED} h4:text('20261122-101500')`)
      .first()
      .waitFor({ state: "attached", timeout: 15_000 });
    expect(await page.locator("#under-way").count()).toBe(0);
    expect(await page.locator(`${CLOSED}[open]`).count()).toBe(1);
    expect(problems).toEqual([]);
    await live.stop();
    await page.locator("#live.away").waitFor({ timeout: 15_000 });
    await close();
  });
});
