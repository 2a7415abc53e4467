import { describe, expect, test } from "vitest";
import { expiryWarning, lifetimeOf, lifetimeTags } from "../../components/nodes/aws/lifetime.ts";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-01-31T12:00:00.750Z");
const dated = { begun: "2026-01-31T12:00:00Z", expires: "2026-02-01T12:00:00Z" };

describe("the lifetime of a lab on AWS", () => {
  test("begins with its first up", () => {
    expect(lifetimeOf([], NOON, 24 * HOUR)).toEqual(dated);
  });

  test("is not put off by a later up, nor by what is no instant", () => {
    const recorded = ["2026-01-31T12:00:07Z", "yesterday", "2026-01-31T12:00:00Z", ""];
    expect(lifetimeOf(recorded, NOON + 50 * HOUR, 24 * HOUR)).toEqual(dated);
    expect(lifetimeOf([dated.begun], NOON, HOUR).expires).toBe("2026-01-31T13:00:00Z");
  });

  test("is told in tags that AWS takes", () => {
    const tags = lifetimeTags(dated);
    expect(tags).toEqual({
      "swarm-lab.begun": "2026-01-31T12:00:00Z",
      "swarm-lab.expires": "2026-02-01T12:00:00Z",
    });
    for (const text of Object.entries(tags).flat()) expect(text).toMatch(/^[\w.:-]{1,128}$/);
  });

  test("is over once its end is past, and not before", () => {
    const end = Date.parse(dated.expires);
    expect(expiryWarning(dated, "24h0m0s", end - 1)).toBeUndefined();
    expect(expiryWarning(dated, "24h0m0s", end)).toBe(
      "swarm-lab:aws.lifetime: got 24h0m0s, and so an end at 2026-02-01T12:00:00Z, which is past, need an end that is still to come; remove the lab with `npm run down`, or set more: it goes on, and is paid for, until then",
    );
  });
});
