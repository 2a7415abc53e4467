import { describe, expect, test } from "vitest";
import { EXERCISES } from "../../components/practice/catalogue/index.ts";
import { DOMAINS, type Domain } from "../../components/practice/domains.ts";
import { draw, score } from "../../components/practice/exam.ts";
import { secondsLeft } from "../../scripts/practice/exam-file.ts";

const names = (seed: string, minutes = 45) =>
  draw(EXERCISES, { minutes, seed }).map(({ name }) => name);

test("the weights of the domains are a whole", () => {
  expect(Object.values(DOMAINS).reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  for (const domain of Object.keys(DOMAINS))
    expect(EXERCISES.filter((one) => one.domain === domain).length).toBeGreaterThanOrEqual(2);
});

describe("an exam", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(names("7")).toEqual(names("7"));
    const drawn = Array.from({ length: 20 }, (_, seed) => names(`${seed}`).join());
    expect(new Set(drawn).size).toBeGreaterThan(15);
  });

  test.each([20, 45, 90])("of %d minutes fills them, and draws nothing twice", (minutes) => {
    for (let seed = 0; seed < 20; seed++) {
      const drawn = draw(EXERCISES, { minutes, seed: `${seed}` });
      const taken = drawn.reduce((sum, one) => sum + one.minutes * 1.5, 0);
      expect(taken).toBeLessThanOrEqual(minutes);
      expect(taken).toBeGreaterThan(minutes - 1.5 * 2);
      expect(new Set(drawn).size).toBe(drawn.length);
    }
  });

  test("gives each domain about its share of the time", () => {
    const spent: Partial<Record<Domain, number>> = {};
    for (let seed = 0; seed < 20; seed++)
      for (const { domain, minutes } of draw(EXERCISES, { minutes: 90, seed: `${seed}` }))
        spent[domain] = (spent[domain] ?? 0) + minutes;
    const total = Object.values(spent).reduce((sum, minutes) => sum + minutes, 0);
    for (const [domain, { weight }] of Object.entries(DOMAINS))
      expect(
        Math.abs(((spent[domain as Domain] ?? 0) / total) * 100 - weight),
        domain,
      ).toBeLessThan(7);
  });

  test("is empty where nothing fits", () => {
    expect(draw(EXERCISES, { minutes: 1, seed: "7" })).toEqual([]);
    expect(draw([], { minutes: 45, seed: "7" })).toEqual([]);
  });
});

describe("a score", () => {
  const item = (domain: Domain, passed: boolean) => ({ name: "x", domain, passed });

  test("is 100 when all passed, and 0 when none did", () => {
    const domains = Object.keys(DOMAINS) as Domain[];
    expect(score(domains.map((one) => item(one, true))).percent).toBe(100);
    expect(score(domains.map((one) => item(one, false))).percent).toBe(0);
    expect(score([])).toEqual({ percent: 0, domains: [] });
  });

  test("weighs domains, not exercises", () => {
    const found = score([
      ...[item("orchestration", true), item("orchestration", false)],
      ...[item("storage", true)],
    ]);
    expect(found).toEqual({
      percent: 64, // (25 / 2 + 10) of 35
      domains: [
        { domain: "orchestration", passed: 1, of: 2 },
        { domain: "storage", passed: 1, of: 1 },
      ],
    });
  });
});

test("time that is over does not come back", () => {
  const exam = { seed: "7", minutes: 10, startedAt: 1_000_000, items: [] };
  expect(secondsLeft(exam, 1_000_000)).toBe(600);
  expect(secondsLeft(exam, 1_000_000 + 599_000)).toBe(1);
  expect(secondsLeft(exam, 1_000_000 + 601_000)).toBe(0);
});
