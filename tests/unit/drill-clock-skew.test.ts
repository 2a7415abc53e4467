import { describe, expect, test } from "vitest";
import { clockSkew } from "../../components/drills/catalogue/clock-skew.ts";
import type { DrillGround } from "../../components/drills/drill.ts";
import { judgeTests } from "./drill-judge-support.ts";

const LITTLE = "half an hour goes unnoticed: certificates are dated back by one";
const MUCH = "two hours late, it cannot join";
const RIGHT = "with the right clock it can";
const READY = "it is Ready, as another node";

// Its evidence is written by hand: no machine with a clock of its own has run it yet.
describe("the judge of clock-skew", () => {
  judgeTests(clockSkew, [
    [
      "half an hour is too much",
      (facts) => {
        facts.little.answer = facts.much.answer;
      },
      LITTLE,
    ],
    [
      "the clock was not late by half an hour",
      (facts) => {
        facts.little.skew = 0;
      },
      LITTLE,
    ],
    [
      "two hours are let pass",
      (facts) => {
        facts.much.answer.code = 200;
      },
      MUCH,
    ],
    [
      "it is refused for another reason",
      (facts) => {
        facts.much.answer.text = "Timeout was reached";
      },
      MUCH,
    ],
    [
      "the clock was set right by something",
      (facts) => {
        facts.much.skew = 3;
      },
      MUCH,
    ],
    [
      "the right clock does not help",
      (facts) => {
        facts.right.answer.code = 500;
      },
      RIGHT,
    ],
    [
      "the clock is late still",
      (facts) => {
        facts.right.skew = 7200;
      },
      RIGHT,
    ],
    [
      "it did not come back",
      (facts) => {
        facts.idAfter = "";
      },
      READY,
    ],
  ]);

  test("is not for containers, which have no clock of their own", () => {
    const connection = { kind: "container", container: "m1", engine: "unix:///x" } as const;
    const ground = { nodes: [{ name: "m1", connection }] } as unknown as DrillGround;
    expect(clockSkew.needs(ground)).toMatch(/containers, which have the clock of this machine/);
  });
});
