import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { figuresOf } from "../../components/report/figures.ts";
import type { ReportInput } from "../../components/report/input.ts";
import { contentPolicy, pageOf } from "../../components/report/page.ts";
import { pageAssets } from "../../scripts/report/assets.ts";
import { done, exam, later, savedEvidence, seen } from "../support/report-sample.ts";
import { emptyInput, recordOf } from "./report-support.ts";

const assets = pageAssets({ live: false });

const made = (change: Partial<ReportInput> = {}) =>
  pageOf(figuresOf(emptyInput(change), { most: 5 }), assets);

function opened(page: string) {
  const { document } = parseHTML(page);
  const text = (selector: string) =>
    (document.querySelector(selector)?.textContent ?? "").replaceAll(/\s+/g, " ").trim();
  const count = (selector: string) => document.querySelectorAll(selector).length;
  return { document, text, count };
}

const full = (): Partial<ReportInput> => ({
  seen: seen(),
  runs: [0, 1].map((days) =>
    recordOf(later(savedEvidence("leader-loss"), { days, factor: 2 - days })),
  ),
  done: done(),
  exams: [exam("1", 1, 4), exam("2", 4, 6)],
});

describe("a report of nothing", () => {
  test("says of each part what to do to fill it", () => {
    const { text } = opened(made());
    expect(text("#topology")).toContain("need one that answers");
    expect(text("#topology")).toContain("npm run up stands the lab up");
    expect(text("#drills")).toContain("No drill has been run on this lab yet.");
    expect(text("#drills")).toContain("npm run drill -- leader-loss");
    expect(text("#practice")).toContain("npm run practice -- start drain-node");
    expect(text("#practice")).toContain("npm run exam -- --minutes 45");
  });

  test("names the lab in what it says, where that is not the one that is meant without", () => {
    const { text } = opened(made({ lab: "two" }));
    expect(text("#topology")).toContain("npm run up -- --stack two");
    expect(text("#drills")).toContain("npm run drill -- --stack two leader-loss");
    expect(text("#practice")).toContain("npm run exam -- --stack two --minutes 45");
  });
});

describe("a report", () => {
  test("tells the verdict, the checks, the commands and the evidence of a run", () => {
    const { text, count } = opened(made(full()));
    expect(text("#drills h4")).toMatch(/^Run \d{8}-\d{6} ✓ passed$/);
    expect(text("#drills article")).toContain("What was checked: 10 of 10 hold");
    expect(text("#drills article")).toContain("docker node ls");
    expect(text("#drills article")).toContain('"newLeader": "m2"');
    expect(count("#drills article")).toBe(2);
    expect(text("#drills .trend")).toContain("50 % faster");
  });

  test("has a table beside each plot, and words for it", () => {
    const { document, count } = opened(made(full()));
    expect(count("figure")).toBeGreaterThan(3);
    for (const figure of document.querySelectorAll("figure")) {
      expect(figure.querySelectorAll("svg[role=img]").length).toBeGreaterThan(0);
      expect(figure.querySelectorAll("details table").length).toBeGreaterThan(0);
    }
    for (const svg of document.querySelectorAll("svg"))
      expect(svg.getAttribute("aria-label")?.length).toBeGreaterThan(20);
  });

  test("has headings in order, one main part, and no id twice", () => {
    const { document, count } = opened(made(full()));
    const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(({ tagName }) =>
      Number(tagName.slice(1)),
    );
    expect(levels[0]).toBe(1);
    const steps = levels.map((level, at) => level - (levels[at - 1] ?? 0));
    expect(Math.max(...steps)).toBe(1);
    expect([count("main"), count("h1"), count("html[lang]")]).toEqual([1, 1, 1]);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of document.querySelectorAll("a[href^='#']"))
      expect(ids).toContain(link.getAttribute("href")?.slice(1));
  });

  test("asks for nothing from anywhere, and runs no script", () => {
    const page = made(full());
    expect(page).not.toMatch(/\b(?:src|href)="(?!#|data:,)/);
    expect(page).not.toMatch(/<script|@import|url\(|style="/);
    expect(contentPolicy(assets)).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(contentPolicy(assets)).not.toContain("script-src");
    expect(contentPolicy(pageAssets({ live: true }))).toContain("connect-src 'self'");
  });

  test("is the same for the same figures", () => {
    expect(made(full())).toBe(made(full()));
  });

  test("tells what is under way, and keeps the secret of a random fault", () => {
    const { text } = opened(
      made({
        runs: [
          {
            ...{ drill: "leader-loss", runId: "r", cluster: "c", operations: [] },
            progress: [
              { seconds: 3, says: "break: m1 loses its power" },
              { seconds: 9, says: "waiting ... \u001b[32m2.1 s\u001b[39m" },
            ],
            lastSign: Date.UTC(2026, 10, 22, 8, 0) - 1000,
          },
        ],
        atWork: { exercise: { name: undefined, startedAt: Date.UTC(2026, 10, 22, 7, 59) } },
      }),
    );
    expect(text("#under-way")).toContain("It is at break: m1 loses its power");
    expect(text("#under-way pre")).toContain("9 s waiting ... 2.1 s");
    expect(text("#under-way")).toContain("Something is broken: find out what");
    expect(text("nav")).toContain("Under way");
  });
});

describe("what comes from outside", () => {
  const NASTY = `</style></script><script>alert(1)</script><img src=x onerror=alert(1)>"'&`;

  test("is text everywhere, in the page and in its plots", () => {
    const run = recordOf(later(savedEvidence("leader-loss"), { runId: NASTY }));
    const { verdict, evidence } = run;
    if (verdict === undefined || evidence === undefined) throw new Error("it was judged");
    evidence.marks[NASTY] = (evidence.marks.fault ?? 0) + 5000;
    evidence.facts[NASTY] = NASTY;
    for (const one of evidence.operations) Object.assign(one, { writer: NASTY });
    const checks = [{ name: NASTY, expected: NASTY, seen: NASTY, ok: false }];
    const steps = verdict.steps.map((step) => ({ ...step, command: NASTY, node: NASTY }));
    const lab = seen();
    const page = made({
      lab: NASTY,
      seen: {
        ...lab,
        problems: [NASTY],
        nodes: lab.nodes.map((node) => ({ ...node, name: NASTY, zone: NASTY, state: NASTY })),
        services: [{ name: NASTY, running: 1, desired: 1 }],
        tasks: [{ service: NASTY, node: NASTY }],
        network: [NASTY],
      },
      runs: [
        {
          ...run,
          drill: NASTY,
          cluster: NASTY,
          verdict: { ...verdict, drill: NASTY, reason: NASTY, checks, steps },
        },
        {
          ...run,
          drill: NASTY,
          verdict: undefined as never,
          progress: [{ seconds: 1, says: `break: ${NASTY}` }],
        },
      ],
      exams: [{ ...exam("1", 1, 4), seed: NASTY }],
      unreadable: [{ where: NASTY, why: NASTY }],
      otherLabs: [NASTY],
    });
    const { count, text } = opened(page);
    expect([count("script"), count("img"), count("style"), count("[onerror]")]).toEqual([
      0, 0, 1, 0,
    ]);
    expect(page.match(/alert\(1\)/g)?.length).toBeGreaterThan(20);
    expect(page).not.toMatch(/<(?:script|img)/);
    expect(text("#topology .node strong")).toBe(NASTY);
  });
});
