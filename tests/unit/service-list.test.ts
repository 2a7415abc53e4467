import { describe, expect, test } from "vitest";
import {
  LIST_SERVICES,
  notConverged,
  parseServices,
  type ServiceState,
} from "../../components/swarm/service-list.ts";

const text = `service app replicated 1/3 (max 2 per node)
update updating update in progress
task Running 3 seconds ago|
task Preparing 1 second ago|
task Ready 2 seconds ago|"No such image: nope|really"
service edge global 2/2
update 
task Running 3 seconds ago|
task Running about a minute ago|
service once replicated job 0/1 (1/1 completed)
update 
`;

const state = (changes: Partial<ServiceState> = {}): ServiceState => ({
  name: "app",
  global: false,
  desired: 3,
  running: 3,
  update: "",
  message: "",
  errors: [],
  ...changes,
});

describe("the list of services", () => {
  test("tells of each its wanted and running tasks, its update and its errors", () => {
    expect(parseServices(text)).toEqual([
      state({
        running: 1,
        update: "updating",
        message: "update in progress",
        errors: ['"No such image: nope|really"'],
      }),
      state({ name: "edge", global: true, desired: 2, running: 2 }),
      state({ name: "once", desired: 1, running: 0 }),
    ]);
  });

  test("may be empty", () => {
    expect(parseServices("")).toEqual([]);
    expect(parseServices("\n \n")).toEqual([]);
  });

  test.each([
    ["a line of another kind", "error no such host"],
    ["a service without its count", "service app"],
    ["a count that is none", "service app replicated many"],
    ["an update of no service", "update completed"],
    ["a task of no service", "task Running 3 seconds ago|"],
  ])("cannot have %s", (_, line) => {
    expect(() => parseServices(line)).toThrow(/^unreadable line about (a service|services): /);
  });

  test("counts what runs, not what the engine's own count says", () => {
    const [app] = parseServices("service app replicated 3/3\ntask Running 1 hour ago|\n");
    expect(app).toMatchObject({ desired: 3, running: 1 });
  });

  test("is asked for in the form in which it is read", () => {
    expect(LIST_SERVICES).toContain("{{.Name}} {{.Mode}} {{.Replicas}}");
  });
});

describe("a service is converged", () => {
  test.each<[string, Partial<ServiceState>]>([
    ["when all its tasks run", {}],
    ["when its update is completed", { update: "completed", message: "update completed" }],
    ["with no tasks when none are wanted", { desired: 0, running: 0 }],
    ["everywhere when it is global", { global: true, desired: 2, running: 2 }],
  ])("%s", (_, changes) => {
    expect(notConverged(state(changes))).toBeUndefined();
  });
});

describe("a service is waited for", () => {
  test.each<[string, ServiceState | undefined, string]>([
    ["while it does not exist", undefined, "it does not exist"],
    ["while tasks are missing", state({ running: 2 }), "2 of 3 tasks run"],
    ["while there are too many", state({ running: 4 }), "4 of 3 tasks run"],
    [
      "while a task fails, whose newest error it tells",
      state({ running: 2, errors: ["no space left", "older"] }),
      "2 of 3 tasks run; last error: no space left",
    ],
    [
      "while it is updated, though all tasks run",
      state({ update: "updating", message: "update in progress" }),
      "it is being updated: update in progress",
    ],
    [
      "while it is global and was given to no node yet",
      state({ global: true, desired: 0, running: 0 }),
      "0 of 0 tasks run",
    ],
  ])("%s", (_, given, waiting) => {
    expect(notConverged(given)).toEqual({ waiting });
  });
});

test.each(["paused", "rollback_started", "rollback_paused", "rollback_completed"])(
  "a service whose update is %s has failed, whatever runs",
  (update) => {
    expect(notConverged(state({ update, message: "task failed" }))).toEqual({
      failed: `the update went wrong (${update}): task failed`,
    });
  },
);
