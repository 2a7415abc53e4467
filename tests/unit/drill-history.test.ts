import { describe, expect, test } from "vitest";
import {
  begun,
  classify,
  historyLine,
  type Operation,
  parseHistory,
} from "../../components/drills/history.ts";

const NO_LEADER =
  '{"message":"rpc error: code = Unknown desc = The swarm does not have a leader. It\'s possible that too few managers are online. Make sure more than half of the managers are online."}';
const grpc = (text: string) => `{"message":"rpc error: code = ${text}"}`;

describe("what an answer proves", () => {
  test.each<[string, number, string, number, string]>([
    ["created", 201, '{"ID":"q2f0lwq5m8e5d3pm3g1rgmlh2"}', 0, "ok"],
    ["created, though the rest of the answer was late", 201, "", 28, "ok"],
    ["no leader, said at once", 500, NO_LEADER, 0, "failed"],
    ["no leader, from a newer engine", 503, NO_LEADER, 0, "failed"],
    [
      "an invalid name",
      400,
      grpc("InvalidArgument desc = config names must be 64 characters or less"),
      0,
      "failed",
    ],
    ["no such path", 404, '{"message":"page not found"}', 0, "failed"],
    [
      "its own first attempt, sent again by the manager",
      409,
      grpc("AlreadyExists desc = config drill-a-m1-1-7 already exists"),
      0,
      "indeterminate",
    ],
    ["leadership lost", 500, grpc("Unknown desc = node lost leader status"), 0, "indeterminate"],
    [
      "no quorum in time",
      500,
      grpc("DeadlineExceeded desc = context deadline exceeded"),
      0,
      "indeterminate",
    ],
    ["cancelled", 500, grpc("Canceled desc = context canceled"), 0, "indeterminate"],
    [
      "the leader went away",
      503,
      grpc('Unavailable desc = connection error: desc = "transport: Error while dialing"'),
      0,
      "indeterminate",
    ],
    [
      "not a manager now",
      503,
      '{"message":"This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster."}',
      0,
      "indeterminate",
    ],
    ["a time-out", 0, "", 28, "indeterminate"],
    ["no engine", 0, "", 7, "indeterminate"],
    ["an engine that died", 0, "", 52, "indeterminate"],
    ["a reset connection", 0, "", 56, "indeterminate"],
    ["half an answer", 500, NO_LEADER, 18, "indeterminate"],
    ["another success", 200, "[]", 0, "indeterminate"],
    ["nothing at all", 0, "", 0, "indeterminate"],
  ])("is told: %s", (_, code, body, exit, result) => {
    expect(classify(code, body, exit)).toBe(result);
  });

  test("no leader is a refusal only while the manager cannot have sent it once already", () => {
    expect(classify(500, NO_LEADER, 0, 499)).toBe("failed");
    expect(classify(500, NO_LEADER, 0, 500)).toBe("indeterminate");
  });
});

describe("a history file", () => {
  const first = begun("m1", "a", 1);
  const done: Operation = { ...first, end: 5, result: "ok", detail: "" };
  const second = begun("m2", "b", 3);

  test("holds a write as it ended, and as it began when it did not", () => {
    const text = [first, second, done].map(historyLine).join("");
    expect(parseHistory(text)).toEqual([done, second]);
    expect(second).toMatchObject({ end: null, result: "indeterminate" });
  });

  test("may be cut off in its last line, which is no answer then", () => {
    const text = historyLine(first) + historyLine(done).slice(0, -9);
    expect(parseHistory(text)).toEqual([first]);
    expect(parseHistory("")).toEqual([]);
  });

  test.each(["null\n", "{}\n", '{"name":"a"}\n', "what\n"])("is none: %j", (text) => {
    expect(() => parseHistory(historyLine(first) + text)).toThrow();
  });
});
