import { describe } from "vitest";
import { secretRotation } from "../../components/drills/catalogue/secret-rotation.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { rotationCases } from "./drill-rotation-cases.ts";

describe("the judge of secret-rotation", () => {
  judgeTests(secretRotation, [
    ...rotationCases("secret"),
    [
      "the swarm shows its data",
      (facts) => {
        facts.shown = true;
      },
      "its data is not shown by the swarm",
    ],
    [
      "an engine tells the value",
      (facts) => {
        facts.after.told[1] = 1;
      },
      "its value is in nothing that the engines tell of the containers",
    ],
    [
      "the engines were not asked",
      (facts) => {
        facts.after.told = [];
      },
      "its value is in nothing that the engines tell of the containers",
    ],
    [
      "it is on a disk",
      (facts) => {
        facts.before.filesystems[0] = "ext4";
      },
      "the tasks have it in memory only",
    ],
  ]);
});
