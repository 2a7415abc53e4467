import { describe } from "vitest";
import { tokenRotation } from "../../components/drills/catalogue/token-rotation.ts";
import { judgeTests } from "./drill-judge-support.ts";

const REFUSED = "the old token is refused";
const STAYS = "the rotation does not throw out who has joined";

describe("the judge of token-rotation", () => {
  judgeTests(tokenRotation, [
    [
      "the leak is not found",
      (facts) => {
        facts.leak = [];
      },
      "the token is found in the file",
    ],
    [
      "the leaked token never opened anything",
      (facts) => {
        facts.joined = { code: 400, text: "refused" };
      },
      "whoever has the token joins",
    ],
    [
      "the intruder came back as another node",
      (facts) => {
        facts.intruder.after = "another";
      },
      STAYS,
    ],
    [
      "it is not known which node the intruder is",
      (facts) => {
        facts.intruder = { before: "", after: "" };
      },
      STAYS,
    ],
    [
      "the intruder is still there after it was removed",
      (facts) => {
        facts.entriesAfterRemoval = ["abc Ready"];
      },
      "removing the node does",
    ],
    [
      "the old token still works",
      (facts) => {
        facts.refused = { code: 200, text: "" };
      },
      REFUSED,
    ],
    [
      "the old token fails for another reason",
      (facts) => {
        facts.refused = { code: 503, text: "Timeout was reached" };
      },
      REFUSED,
    ],
    [
      "the new token does not work",
      (facts) => {
        facts.joinedNew = { code: 400, text: "refused" };
      },
      "the new one is taken",
    ],
    [
      "nothing was rotated",
      (facts) => {
        facts.after.tokens.worker = facts.before.tokens.worker;
      },
      "the worker's token is another",
    ],
    [
      "the manager's token was rotated as well",
      (facts) => {
        facts.after.tokens.manager = "another";
      },
      "the manager's token is the same",
    ],
    [
      "the root CA was rotated as well",
      (facts) => {
        facts.after.caFingerprint = "another";
      },
      "both tokens name the same root CA",
    ],
    [
      "the token names another root CA",
      (facts) => {
        facts.caPart.after = "another";
      },
      "both tokens name the same root CA",
    ],
    [
      "a node of the lab is gone",
      (facts) => {
        facts.after.nodes.shift();
      },
      "the nodes of the lab know nothing of it",
    ],
  ]);
});
