import { describe } from "vitest";
import { diskFull } from "../../components/drills/catalogue/disk-full.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase } from "./drill-manager-cases.ts";

const FULL = "the disk had room, and then none";
const STOPPED = "at the end of the segment the manager stops";
const ROOM = "room alone does not bring it back";
const BACK = "removed and joined anew it is back";
const API = "and their API";

describe("the judge of disk-full", () => {
  judgeTests(diskFull, [
    [
      "the disk was never full",
      (facts) => {
        facts.used.full = 97;
      },
      FULL,
    ],
    [
      "the disk was full from the beginning",
      (facts) => {
        facts.used.before = 100;
      },
      FULL,
    ],
    [
      "the manager stops as soon as its disk is full",
      (facts) => {
        facts.entryFull = "Ready Unreachable";
      },
      "a full disk alone is not noticed: its segment of the log is allocated",
    ],
    [
      "the manager goes on beyond its segment",
      (facts) => {
        facts.entryStopped = "Ready Reachable";
      },
      STOPPED,
    ],
    [
      "the manager stops for another reason",
      (facts) => {
        facts.said = "nothing of space";
      },
      STOPPED,
    ],
    [
      "the manager is well once there is room",
      (facts) => {
        facts.room = { code: 0, text: "active" };
      },
      ROOM,
    ],
    [
      "no room was made",
      (facts) => {
        facts.used.freed = 100;
      },
      ROOM,
    ],
    [
      "the manager does not come back",
      (facts) => {
        facts.entryBack = "Down Unreachable";
      },
      BACK,
    ],
    [
      "the manager takes long to come back",
      (facts) => {
        facts.secondsBack = 130;
      },
      BACK,
    ],
    [
      "the manager is the member that it was",
      (facts) => {
        facts.ids.after = facts.ids.before;
      },
      BACK,
    ],
    [
      "another leads",
      (facts) => {
        facts.leaders[1] = "m9";
      },
      "the others kept their leader",
    ],
    [
      "the others waited",
      (_, evidence) => {
        const from = (evidence.marks.fault ?? 0) + 1000;
        evidence.operations = evidence.operations.filter(
          ({ start }) => start < from || start > from + 12_000,
        );
      },
      API,
    ],
    [
      "nobody wrote meanwhile",
      (_, evidence) => {
        const { fault = 0 } = evidence.marks;
        evidence.operations = evidence.operations.filter(({ start }) => start < fault);
      },
      API,
    ],
    lostWriteCase,
  ]);
});
