import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  balancerName,
  derivedName,
  LONGEST_BALANCER_NAME,
  LONGEST_BUCKET_NAME,
} from "../../components/nodes/aws/names.ts";

const word = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/);
const longest = fc.constantFrom(LONGEST_BALANCER_NAME, LONGEST_BUCKET_NAME);
const seed = fc.array(fc.string(), { maxLength: 4 });

describe("a name that is derived", () => {
  test("fits, and is one that load balancers, target groups and buckets may have", () => {
    fc.assert(
      fc.property(longest, fc.array(word, { maxLength: 3 }), seed, (most, words, given) => {
        const name = derivedName(most, words, given);
        expect(name.length).toBeLessThanOrEqual(most);
        expect(name.length).toBeGreaterThanOrEqual(3);
        expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        // What AWS keeps for itself.
        expect(name).not.toMatch(/^(internal-|xn--|sthree-)|(-s3alias|--ol-s3|--x-s3)$/);
      }),
    );
  });

  test("is the same for the same seed, and another for another, also where the words are cut", () => {
    fc.assert(
      fc.property(longest, word, seed, seed, (most, one, first, second) => {
        const of = (given: readonly string[]) => derivedName(most, [one.repeat(3)], given);
        expect(of(first)).toBe(of([...first]));
        expect(of(first) === of(second)).toBe(JSON.stringify(first) === JSON.stringify(second));
      }),
    );
  });

  test("tells texts of the seed apart that run together alike", () => {
    expect(derivedName(32, ["x"], ["ab", "c"])).not.toBe(derivedName(32, ["x"], ["a", "bc"]));
  });

  test("can be read", () => {
    expect(balancerName("dev", "eu-central-1")).toMatch(/^lab-dev-[0-9a-f]{10}$/);
    const long = balancerName("a-lab-of-forty-five-characters-the-most-of-all", "eu-central-1");
    expect(long).toMatch(/^lab-a-lab-of-forty-fi-[0-9a-f]{10}$/);
    expect(balancerName("dev", "eu-west-1")).not.toBe(balancerName("dev", "eu-central-1"));
  });
});
