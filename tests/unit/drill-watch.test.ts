import { describe, expect, test } from "vitest";
import { type Look, recoveries } from "../../scripts/drills/watch.ts";

/** A look at a second: `l`, `r`, `q` where a leader, all replicas, an answered request were seen. */
const looks = (...texts: string[]): Look[] =>
  texts.map((text, at) => ({
    ...{ at: at * 1000, leader: text.includes("l") },
    ...{ replicas: text.includes("r"), request: text.includes("q") },
  }));

describe("the moment when something came back", () => {
  test.each<[string, Look[], number, ReturnType<typeof recoveries>]>([
    [
      "is the first good look after the last bad one",
      looks("lrq", "", "l", "lq", "lrq", "lrq"),
      1000,
      { leader: 2000, request: 3000, replicas: 4000 },
    ],
    [
      "is not a good look that did not last",
      looks("", "lrq", "", "lrq"),
      0,
      { leader: 3000, replicas: 3000, request: 3000 },
    ],
    [
      "is the fault itself for what never failed",
      looks("lrq", "lrq", "lrq"),
      500,
      { leader: 500, replicas: 500, request: 500 },
    ],
    ["is none for what stayed away", looks("lrq", "", "l", "l"), 1000, { leader: 2000 }],
    ["is none for what was well only before the fault", looks("lrq", "lrq"), 5000, {}],
    ["is none without a look", [], 0, {}],
    [
      "does not depend on what was bad before the fault",
      looks("", "", "lrq"),
      1500,
      { leader: 1500, replicas: 1500, request: 1500 },
    ],
    [
      "counts a look at the moment of the fault",
      looks("lrq", "", "lrq"),
      1000,
      { leader: 2000, replicas: 2000, request: 2000 },
    ],
  ])("%s", (_, seen, fault, expected) => {
    expect(recoveries(seen, fault)).toEqual(expected);
  });
});
