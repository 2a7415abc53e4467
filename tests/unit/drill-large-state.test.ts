import { describe } from "vitest";
import { largeState } from "../../components/drills/catalogue/large-state.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase } from "./drill-manager-cases.ts";

const CONFIG = "a config of 1023999 bytes is taken, and not one of a byte more";
const SECRET = "a secret of 511999 bytes is taken, and not one of a byte more";
const SNAPSHOT = "the snapshot has all of it";
const NEW = "a manager that is new gets it, though no message holds it";
const GONE = "the configs are gone, from the snapshots too";

describe("the judge of large-state", () => {
  judgeTests(largeState, [
    [
      "the largest config is refused",
      (facts) => {
        facts.config.taken.code = 1;
      },
      CONFIG,
    ],
    [
      "a config that is too large is taken",
      (facts) => {
        facts.config.refused = { code: 0, text: "" };
      },
      CONFIG,
    ],
    [
      "the config is refused for another reason",
      (facts) => {
        facts.config.refused.text = "no leader";
      },
      CONFIG,
    ],
    [
      "a secret that is too large is taken",
      (facts) => {
        facts.secret.refused = { code: 0, text: "" };
      },
      SECRET,
    ],
    [
      "a config is missing",
      (facts) => {
        facts.listed -= 1;
      },
      "every config is there",
    ],
    [
      "the log is in its first segment still",
      (facts) => {
        facts.segments.after = facts.segments.before;
      },
      "the log has gone on to another segment",
    ],
    [
      "the snapshot is small",
      (facts) => {
        facts.snapshot.bytes = 100_000;
      },
      SNAPSHOT,
    ],
    [
      "nothing was created",
      (facts) => {
        facts.created = 0;
        facts.listed = 0;
      },
      SNAPSHOT,
    ],
    [
      "the new manager was refused",
      (facts) => {
        facts.joined.code = 503;
      },
      NEW,
    ],
    [
      "the new manager has part of it",
      (facts) => {
        facts.received.bytes = 4_000_000;
      },
      NEW,
    ],
    [
      "what the new manager has is older",
      (facts) => {
        facts.received.index = facts.snapshot.index - 1;
      },
      NEW,
    ],
    [
      "the new manager took long",
      (facts) => {
        facts.seconds = 100;
      },
      "and is Reachable",
    ],
    [
      "another leads",
      (facts) => {
        facts.leaders[1] = "m9";
      },
      "the leader stayed",
    ],
    [
      "a config was left",
      (facts) => {
        facts.entriesAfter = 1;
      },
      GONE,
    ],
    [
      "the snapshots are large still",
      (facts) => {
        facts.snapshotAfter.bytes = facts.snapshot.bytes;
      },
      GONE,
    ],
    [
      "snapshots come too often afterwards",
      (facts) => {
        facts.settings[1].interval = 50;
      },
      "snapshots come as before",
    ],
    lostWriteCase,
  ]);
});
