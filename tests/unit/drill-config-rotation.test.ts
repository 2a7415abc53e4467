import { describe } from "vitest";
import { configRotation } from "../../components/drills/catalogue/config-rotation.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { rotationCases } from "./drill-rotation-cases.ts";

describe("the judge of config-rotation", () => {
  judgeTests(configRotation, [
    ...rotationCases("config"),
    [
      "the swarm does not show its data",
      (facts) => {
        facts.shown = false;
      },
      "anyone who may ask the swarm reads its data",
    ],
  ]);
});
