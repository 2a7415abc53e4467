import { describe, expect, test } from "vitest";
import {
  asked,
  checkNoneFailed,
  type LoadRequest,
  loadInWords,
  outage,
  parseLoadLine,
} from "../../components/drills/load.ts";

const ANSWER =
  '{"service":"web","node":"w1","zone":"","task":"web.1.x","version":"2","secret":{"name":"t","sha256":"ab"},"config":null}';

/** Requests a tenth of a second apart; those at the places given failed. */
const requests = (count: number, ...bad: number[]): LoadRequest[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ service: "web", at: 1000 + index * 100, ms: 10 },
    ...(bad.includes(index) ? { failed: "refused" } : {}),
  }));

describe("the record of a client", () => {
  test("tells when, how long, and who answered", () => {
    expect(parseLoadLine(`web 10.50 10.62 ok ${ANSWER}`, 1_000_000)).toEqual({
      ...{ service: "web", at: 1_010_500, ms: 120 },
      ...{ task: "web.1.x", node: "w1", version: "2", secret: "ab" },
    });
  });

  test("keeps why a request failed", () => {
    const line = "web 1.00 4.00 failed 10.0.0.3: wget: download timed out";
    expect(parseLoadLine(line, 0)).toMatchObject({ failed: "10.0.0.3: wget: download timed out" });
    expect(parseLoadLine("web 1.00 4.00 failed ", 0)?.failed).toBe("no answer");
  });

  test.each(["", "web 1.00", "web 1.00 2.00 ok {", "sh: nslookup: not found"])(
    "leaves out %j, which is no request",
    (line) => {
      expect(parseLoadLine(line, 0)).toBeUndefined();
    },
  );

  test("is asked by service and moment", () => {
    const found = asked(requests(10), "web", { from: 1200, to: 1400 });
    expect(found.map(({ at }) => at)).toEqual([1200, 1300, 1400]);
    expect(asked(requests(10), "other", { from: 0, to: 9999 })).toEqual([]);
  });

  test("measures an outage from the first failure to the next answer", () => {
    expect(outage(requests(10))).toBe(0);
    expect(outage(requests(10, 3, 5))).toBeCloseTo(0.3);
    expect(outage(requests(4, 3))).toBeCloseTo(0.01);
  });

  test("lets nothing pass that failed, nor too few requests", () => {
    expect(checkNoneFailed("x", requests(60)).ok).toBe(true);
    expect(checkNoneFailed("x", requests(60, 59)).ok).toBe(false);
    expect(checkNoneFailed("x", requests(49)).ok).toBe(false);
    expect(loadInWords(requests(60, 7))).toBe("1 of 60 failed: refused");
  });
});
