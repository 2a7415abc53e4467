import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { lifetimeOf, lifetimeTags } from "../../components/nodes/aws/lifetime.ts";
import { tagsOf } from "../../components/nodes/aws/tags.ts";
import { type BadCase, type Given, load, refusal, wholeMessage } from "./config-support.ts";

const on = (labels: Given): Given => ({
  ...{ provider: "aws", aws: { region: "eu-central-1" }, labels },
});
const count = (many: number) =>
  Object.fromEntries(Array.from({ length: many }, (_, at) => [`label-${at}`, "x"]));
const VALUE =
  "a text that AWS takes as a tag: at most 256 letters, digits, blanks within and + - = . _ : / @";
const long = "k".repeat(129);

const CASES: readonly BadCase[] = [
  [
    "a character that AWS does not take",
    on({ team: "blue & green" }),
    `swarm-lab:labels.team: got "blue & green", need ${VALUE}`,
  ],
  [
    "a text that is too long",
    on({ team: "x".repeat(257) }),
    `swarm-lab:labels.team: got "${"x".repeat(60)}...", need ${VALUE}`,
  ],
  [
    "a blank at the end of a text",
    on({ team: "blue " }),
    `swarm-lab:labels.team: got "blue ", need ${VALUE}`,
  ],
  [
    "a key that is too long",
    on({ [long]: "x" }),
    `swarm-lab:labels.${long}: got a label of 129 characters, need at most 128, as AWS takes the key of a tag; shorten it`,
  ],
  [
    "a key that AWS keeps for itself",
    on({ "aws:team": "x" }),
    'swarm-lab:labels["aws:team"]: got the name "aws:team", need a label that does not begin with aws:, which is reserved; rename it',
  ],
  [
    "the same in upper case",
    on({ "AWS:team": "x" }),
    'swarm-lab:labels["AWS:team"]: got the name "AWS:team", need a label that does not begin with aws:, which is reserved; rename it',
  ],
  [
    "a key that the lab sets itself",
    on({ name: "x" }),
    'swarm-lab:labels.name: got the label "name", need another with provider aws: the lab sets the tag Name itself; rename it',
  ],
  [
    "keys that a role takes for the same",
    on({ team: "x", Team: "y" }),
    'swarm-lab:labels.Team: got the label "Team", need one that differs from team in more than upper and lower case, which AWS takes for the same tag; rename or remove one of the two',
  ],
  [
    "more labels than there is room for beside the lab's own",
    on(count(44)),
    "swarm-lab:labels: got 44 labels, need at most 43: AWS takes 50 tags, and 7 are the lab's own; remove some",
  ],
];

describe("a lab on AWS is refused", () => {
  it.each(CASES)("with %s", (_, given, line) => {
    expect(refusal(given)).toBe(wholeMessage(line));
  });
});

test("labels that are no tags of AWS's are nothing to another provider", () => {
  const labels = { name: "x", Name: "y", [long]: "blue & green", ...count(60) };
  expect(load({ labels }).config.labels).toEqual(labels);
});

test("whatever labels are let pass, an instance has no more than fifty tags, each as AWS takes it", () => {
  const owner = { lab: "dev", node: "m1", role: "manager", zone: "a" };
  const own = lifetimeTags(lifetimeOf([], 0, 3_600_000));
  const key = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9._/-]{0,140}[a-zA-Z0-9])?$/);
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.stringMatching(/^[a-z0-9+=._:@-]{0,260}$/),
  );
  let passed = 0;
  fc.assert(
    fc.property(
      fc.dictionary(key, text, { maxKeys: 6 }),
      fc.integer({ min: 0, max: 50 }),
      (given, more) => {
        const labels = { ...given, ...count(more) };
        let config: ReturnType<typeof load>["config"];
        try {
          ({ config } = load(on(labels)));
        } catch (error) {
          expect(error).toHaveProperty("name", "UserError");
          return;
        }
        passed += 1;
        const tags = Object.entries(tagsOf("m1", owner, { ...config.labels, ...own }));
        expect(tags.length).toBeLessThanOrEqual(50);
        for (const [tag, value] of tags) {
          expect(tag).toMatch(/^(?!aws:)[\p{L}\p{N}\p{Z}+\-=._:/@]{1,128}$/u);
          expect(value).toMatch(/^[\p{L}\p{N}\p{Z}+\-=._:/@]{0,256}$/u);
        }
        // None of the user's was lost among the lab's own.
        expect(Object.fromEntries(tags)).toMatchObject(labels);
      },
    ),
  );
  expect(passed).toBeGreaterThan(10);
  expect(Object.keys(tagsOf("m1", owner, own))).toHaveLength(7);
});
