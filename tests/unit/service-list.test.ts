import { describe, expect, test } from "vitest";
import {
  judgeServices,
  notConverged,
  parseServices,
  placedNowhere,
  type ServiceState,
} from "../../components/swarm/service-list.ts";

const service = (name: string, desired: number, changes: object = {}) => ({
  ID: `id-${name}`,
  Spec: { Name: name, Mode: { Replicated: { Replicas: desired } } },
  ServiceStatus: { RunningTasks: 0, DesiredTasks: desired, CompletedTasks: 0 },
  ...changes,
});

const task = (
  name: string,
  state: string,
  second: number,
  more: { on?: string; error?: string } = {},
) => ({
  ServiceID: `id-${name}`,
  NodeID: more.on,
  CreatedAt: `2026-11-21T09:00:0${second}.123456789Z`,
  DesiredState: "running",
  Status: { State: state, ...(more.error ? { Err: more.error } : {}) },
});

const text = (services: readonly object[], tasks: readonly object[]) =>
  `${JSON.stringify(services)}\n${JSON.stringify(tasks)}\n`;

const state = (changes: Partial<ServiceState> = {}): ServiceState => ({
  name: "app",
  global: false,
  desired: 3,
  running: 3,
  runsOn: ["w1", "w2"],
  update: "",
  message: "",
  errors: [],
  ...changes,
});

describe("the list of services", () => {
  test("tells of each its wanted and running tasks, where they run, its update and its errors, the newest first", () => {
    const seen = text(
      [
        service("app", 3, {
          UpdateStatus: { State: "updating", Message: "update in progress" },
        }),
        service("edge", 2, { Spec: { Name: "edge", Mode: { Global: {} } } }),
        service("once", 1, { Spec: { Name: "once", Mode: { ReplicatedJob: {} } } }),
      ],
      [
        task("app", "running", 1, { on: "w1" }),
        task("app", "preparing", 2),
        task("app", "ready", 3, { error: "an older one" }),
        task("app", "pending", 4, { error: "No such image: nope" }),
        task("edge", "running", 2, { on: "w2" }),
        task("edge", "running", 3, { on: "w1" }),
        task("edge", "running", 1, { on: "w1" }),
        { ...task("app", "running", 1), ServiceID: undefined },
      ],
    );
    expect(parseServices(seen)).toEqual([
      state({
        running: 1,
        runsOn: ["w1"],
        update: "updating",
        message: "update in progress",
        errors: ["No such image: nope", "an older one"],
      }),
      state({ name: "edge", global: true, desired: 2, running: 3, runsOn: ["w1", "w2"] }),
      state({ name: "once", desired: 1, running: 0, runsOn: [] }),
    ]);
  });

  test("may be empty", () => {
    expect(parseServices("[]\n\n[]\n")).toEqual([]);
  });

  test.each([
    ["nothing", ""],
    ["one half", "[]\n"],
    ["an error", '{"message":"no leader"}\n[]\n'],
    ["text", "error no such host"],
  ])("cannot be %s", (_, line) => {
    expect(() => parseServices(line)).toThrow(/unreadable list of services|JSON/);
  });

  test("counts what runs, not what the engine's own count says", () => {
    const counted = { ServiceStatus: { RunningTasks: 3, DesiredTasks: 3 } };
    const [app] = parseServices(
      text([service("app", 3, counted)], [task("app", "running", 1, { on: "w1" })]),
    );
    expect(app).toMatchObject({ desired: 3, running: 1 });
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

describe("no node can take what is missing of a service", () => {
  const none = "no suitable node (scheduling constraints not satisfied on 5 nodes)";
  test.each<[boolean, string, Partial<ServiceState>]>([
    [true, "where the scheduler says so of each task", { running: 1, errors: [none, none] }],
    [false, "not where one is still on its way", { running: 1, errors: [none] }],
    [false, "not where one failed otherwise", { running: 1, errors: [none, "No such image: x"] }],
    [false, "not where there are too many", { running: 4 }],
  ])("%s: %s", (expected, _, changes) => {
    expect(placedNowhere(state(changes))).toBe(expected);
  });
});

describe("services together", () => {
  const stuck = state({
    running: 2,
    errors: ["no suitable node (max replicas per node limit exceed)"],
  });
  const slow = state({ name: "web", running: 1, errors: ["No such image: nope"] });

  test("are waited for, each with its reason, also one that does not exist", () => {
    expect(judgeServices([state(), stuck, slow], ["app", "web", "gone"], [])).toEqual({
      waiting: [
        "web: 1 of 3 tasks run; last error: No such image: nope",
        "gone: it does not exist",
      ],
      short: [],
    });
    expect(judgeServices([stuck], ["app"], []).waiting).toHaveLength(1);
  });

  test("are not waited for where only a node that is away could take their tasks", () => {
    expect(judgeServices([stuck, slow], ["app", "web"], ["w2"])).toEqual({
      waiting: ["web: 1 of 3 tasks run; last error: No such image: nope"],
      short: [
        "app: 2 of 3 tasks run; last error: no suitable node (max replicas per node limit exceed)",
      ],
    });
  });

  test("fail with the first that will not be as wanted, whoever is away", () => {
    const wrong = state({ name: "web", update: "paused", message: "task failed" });
    expect(judgeServices([stuck, wrong], ["app", "web"], ["w2"]).failed).toBe(
      "web: the update went wrong (paused): task failed",
    );
  });
});
