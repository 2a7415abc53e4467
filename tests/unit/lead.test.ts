import { describe, expect, test } from "vitest";
import { END_LEAD, leadScript } from "../../scripts/swarm/lead.ts";

describe("the addresses of managers that are gone", () => {
  const script = leadScript(["10.1.0.11", "10.1.0.12"], "10.1.0.13");

  test("lead to the one that is there, by the swarm's port alone", () => {
    const rules = script.split("\n").filter((line) => line.includes("DNAT"));
    expect(rules).toEqual([
      expect.stringContaining(
        "-d 10.1.0.11 -p tcp --dport 2377 -j DNAT --to-destination 10.1.0.13:2377",
      ),
      expect.stringContaining(
        "-d 10.1.0.12 -p tcp --dport 2377 -j DNAT --to-destination 10.1.0.13:2377",
      ),
    ]);
  });

  test("by rules in a chain of their own, which goes whole", () => {
    const chains = [...`${script}\n${END_LEAD}`.matchAll(/-[NFAX] (\S+)/g)].map(([, name]) => name);
    expect(new Set(chains)).toEqual(new Set(["SWARM-LAB-LEAD"]));
    expect(END_LEAD.split("\n").at(-1)).toMatch(/-X SWARM-LAB-LEAD$/);
  });
});
