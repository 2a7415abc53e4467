import { describe, expect, test } from "vitest";
import { parseLocalState } from "../../scripts/swarm/managers.ts";

describe("what an engine says of its membership", () => {
  test.each([
    ["a member", "active\t\taaa\n", { state: "active", error: "", nodeId: "aaa", clusterId: "" }],
    [
      "a manager",
      "active\t\taaa\tccc\n",
      { state: "active", error: "", nodeId: "aaa", clusterId: "ccc" },
    ],
    ["none", "inactive\t\t\n", { state: "inactive", error: "", nodeId: "", clusterId: "" }],
    [
      "one that is locked",
      "locked\t\t\n",
      { state: "locked", error: "", nodeId: "", clusterId: "" },
    ],
    [
      "one that finds no manager",
      "error\trpc error: code = DeadlineExceeded\taaa\n",
      { state: "error", error: "rpc error: code = DeadlineExceeded", nodeId: "aaa", clusterId: "" },
    ],
    [
      "one on its way, with an error of two lines",
      "pending\tfirst\nsecond\taaa\n",
      { state: "pending", error: "first\nsecond", nodeId: "aaa", clusterId: "" },
    ],
    [
      "a member without a line's end",
      "active\t\taaa",
      { state: "active", error: "", nodeId: "aaa", clusterId: "" },
    ],
  ])("is read: %s", (_, text, state) => {
    expect(parseLocalState(text)).toEqual(state);
  });

  test.each([
    "",
    "\n",
    "\t\t\n",
    "Active\t\taaa\n",
    "Cannot connect to the Docker daemon",
    "unknown\t\t\n",
  ])("is nothing when it is %j", (text) => {
    expect(parseLocalState(text)).toBeUndefined();
  });
});
