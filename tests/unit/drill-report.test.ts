import { describe, expect, test } from "vitest";
import { markdownReport } from "../../components/drills/report.ts";
import type { Verdict } from "../../components/drills/verdict.ts";

const verdict: Verdict = {
  drill: "restore-cluster",
  runId: "r1",
  verdict: "failed",
  reason: "cluster id: expected abc, seen abd",
  checks: [
    { name: "cluster id", expected: "abc", seen: "abd", ok: false },
    { name: "managers", expected: "3", seen: "3", ok: true },
  ],
  rto: { leader: 12.64, api: 13, replicas: 81.26, request: null },
  rpo: {
    acknowledged: 1182,
    lost: 0,
    indeterminate: 3,
    maxGap: 12.6,
    undone: 442,
    undoneSeconds: 38.2,
  },
  steps: [
    {
      phase: "recover",
      node: "m3",
      command: "docker swarm init --force-new-cluster",
      seconds: 0.6,
      at: 30,
    },
    { phase: "break", node: null, command: "docker kill swarm-lab-dev-m1", seconds: 0.123, at: 10 },
    { phase: "break", node: null, command: "docker kill swarm-lab-dev-m2", seconds: 0.2, at: 20 },
  ],
  startedAt: Date.UTC(2026, 1, 3, 4, 5, 6),
  endedAt: Date.UTC(2026, 1, 3, 4, 6, 50),
};
const context = {
  question: "Can all managers be lost?",
  lab: "dev",
  limits: ["Reads are the leader's."],
};

test("a report tells all in its order", () => {
  expect(markdownReport(verdict, context)).toBe(`# Drill restore-cluster: failed

**Can all managers be lost?**

failed: cluster id: expected abc, seen abd

Run r1 on lab dev, 2026-02-03 04:05:06 UTC, 104 s.

## What was checked

| Check | Expected | Seen | Holds |
| --- | --- | --- | --- |
| cluster id | abc | abd | **no** |
| managers | 3 | 3 | yes |

## How long it took (RTO)

| From the fault to | Time |
| --- | --- |
| a leader | 12.6 s |
| an acknowledged write | 13 s |
| all replicas | 81.3 s |
| an answered request | not measured |

## What became of the writes (RPO)

| Writes | Seen |
| --- | --- |
| acknowledged | 1182 |
| lost | 0 |
| of unknown outcome (may be there or not) | 3 |
| longest time without an acknowledged write | 12.6 s |
| acknowledged after the backup, undone by the restore | 442, over 38.2 s at most |

## What was done, as you would type it

\`\`\`sh
# break it
# on your machine, 0.12 s
docker kill swarm-lab-dev-m1
# on your machine, 0.2 s
docker kill swarm-lab-dev-m2

# recover
# on m3, 0.6 s
docker swarm init --force-new-cluster
\`\`\`

## What this does not prove

- Reads are the leader's.
`);
});

describe("what comes from outside", () => {
  const nasty = "a | b\n| c | <script>`x`</script> \\| *d* &lt; [e](f)";
  const check = { name: nasty, expected: nasty, seen: nasty, ok: true };
  const text = markdownReport({ ...verdict, reason: nasty, checks: [check] }, { question: nasty });

  test("adds no column and no row to a table", () => {
    const rows = text.split("\n").filter((line) => line.startsWith("| a"));
    const [row] = rows.filter((line) => line.endsWith("| yes |"));
    expect(row?.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(5);
    expect(text).not.toContain("\n| c");
  });

  test("is no markup", () => {
    expect(text).not.toContain("<script>");
    expect(text).toContain("\\`x\\`");
    expect(text).toContain("\\*d\\*");
    expect(text).toContain("&amp;lt;");
  });

  test("does not end the block of commands", () => {
    const step = {
      phase: "verify",
      node: "m1\n```",
      command: "echo '````'",
      seconds: 1,
      at: 0,
    } as const;
    const commands = markdownReport({ ...verdict, steps: [step] }, context);
    expect(commands).toContain("`````sh\n# verify\n# on m1 ```, 1 s\necho '````'\n`````");
  });
});

test("a drill that did not run shows no empty tables", () => {
  const none = {
    ...verdict,
    verdict: "unavailable",
    reason: "no zone",
    checks: [],
    steps: [],
  } as const;
  expect(markdownReport(none, { question: "Q?" })).toBe(
    "# Drill restore-cluster: unavailable\n\n**Q?**\n\nunavailable: no zone\n\n" +
      "Run r1, 2026-02-03 04:05:06 UTC, 104 s.\n",
  );
});

test("a drill that checked nothing says so", () => {
  const nothing = { ...verdict, verdict: "void", checks: [] } as const;
  expect(markdownReport(nothing, context)).toContain("## What was checked\n\nNothing.\n");
});
