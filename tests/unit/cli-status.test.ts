import { describe, expect, test } from "vitest";
import { assess } from "../../scripts/cli/assess.ts";
import { parseView } from "../../scripts/cli/probe.ts";
import { type Findings, modelStatus } from "../../scripts/cli/status-model.ts";
import { containersWith, findings, member, task, view } from "./cli-status-support.ts";

const judge = (found: Findings) => assess(found, modelStatus(found));

describe("the status of a lab", () => {
  test("has the shape that is promised", () => {
    const status = modelStatus(findings());
    expect(Object.keys(status)).toEqual([
      "lab",
      "provider",
      "swarm",
      "nodes",
      "services",
      "network",
    ]);
    expect(status.swarm).toEqual({
      clusterId: "cluster",
      leader: "m1",
      managers: 3,
      quorum: 2,
      tolerates: 1,
    });
    expect(status.nodes[0]).toEqual({
      name: "m1",
      role: "manager",
      zone: "a",
      address: "10.0.0.1",
      state: "Ready",
      availability: "Drain",
      managerStatus: "Leader",
      engineVersion: "26.1.5",
    });
    expect(status.services).toEqual([
      { name: "app", running: 3, desired: 3 },
      { name: "edge", running: 2, desired: 2 },
    ]);
    expect(status.network).toMatchObject({ encryption: { inForce: false } });
  });

  test("believes the engine that a machine stopped before the swarm notices", () => {
    const status = modelStatus(
      findings({ containers: containersWith({ m2: "exited", w1: "paused" }) }),
    );
    const states = Object.fromEntries(status.nodes.map((node) => [node.name, node.state]));
    expect(states).toEqual({ m1: "Ready", m2: "Stopped", m3: "Ready", w1: "Paused", w2: "Ready" });
    expect(status.swarm.tolerates).toBe(0);
  });

  test("counts no task of a node that is not Ready, whatever the task claims", () => {
    const nodes = view().nodes.map((node) =>
      node.ID === "id-w1" ? member("w1", { Status: { State: "down", Addr: "" } }) : node,
    );
    const status = modelStatus(findings({ view: view({ nodes }) }));
    expect(status.services).toEqual([
      { name: "app", running: 1, desired: 3 },
      { name: "edge", running: 1, desired: 2 },
    ]);
  });

  test("counts no task that should not run, or does not yet", () => {
    const tasks = [
      task("app", "w1"),
      task("app", "w2", { DesiredState: "shutdown" }),
      task("app", "w2", { Status: { State: "starting" } }),
      task("edge", "", { NodeID: undefined, Status: { State: "pending" } }),
    ];
    const status = modelStatus(findings({ view: view({ tasks }) }));
    expect(status.services).toEqual([
      { name: "app", running: 1, desired: 3 },
      { name: "edge", running: 0, desired: 1 },
    ]);
  });

  test("takes the living of two members of one name", () => {
    const ghost = member("w1", { ID: "ghost", Status: { State: "down", Addr: "" } });
    const status = modelStatus(findings({ view: view({ nodes: [ghost, ...view().nodes] }) }));
    expect(status.nodes.find((node) => node.name === "w1")?.state).toBe("Ready");
  });

  test("claims nothing of the swarm when no manager has a quorum", () => {
    const status = modelStatus(findings({ view: ["m1: The swarm does not have a leader."] }));
    expect(status.swarm).toEqual({
      clusterId: null,
      leader: null,
      managers: 3,
      quorum: 2,
      tolerates: 0,
    });
    expect(new Set(status.nodes.map((node) => node.state))).toEqual(new Set(["Unknown"]));
    expect(status.services).toEqual([]);
  });
});

describe("how a lab is", () => {
  const nothing = { description: undefined, resources: false, containers: [], nodes: [], view: [] };
  test.each<[string, Partial<Findings>, string, RegExp]>([
    ["everything runs", {}, "whole", /^$/],
    ["there is nothing", nothing, "down", /npm run up/],
    [
      "there is a record and nothing else",
      { ...nothing, resources: true },
      "half-built",
      /npm run up/,
    ],
    ["machines without a description", { description: undefined }, "half-built", /npm run up/],
    [
      "a worker stopped",
      { containers: containersWith({ w1: "exited" }) },
      "degraded",
      /w1 is Stopped/,
    ],
    [
      "a gateway stopped",
      { containers: containersWith({ gateway: "exited" }) },
      "degraded",
      /gateway is exited/,
    ],
    ["a task is missing", { view: view({ tasks: [] }) }, "degraded", /app runs 0 of 3/],
    ["no leader", { view: ["m1: no leader"] }, "no quorum", /no quorum: m1: no leader/],
    ["no machine", { containers: [], view: [] }, "down", /npm run up/],
    [
      "all asleep",
      {
        containers: containersWith(
          Object.fromEntries(["m1", "m2", "m3", "w1", "w2"].map((name) => [name, "exited"])),
        ),
        view: [],
      },
      "stopped",
      /npm run start/,
    ],
    [
      "a manager the leader cannot reach",
      {
        view: view({
          nodes: view().nodes.map((node) =>
            node.ID === "id-m2"
              ? member("m2", { ManagerStatus: { Reachability: "unreachable" } })
              : node,
          ),
        }),
      },
      "degraded",
      /m2 cannot be reached/,
    ],
  ])("%s", (_, change, state, says) => {
    const { state: got, problems, advice } = judge(findings(change));
    expect(got).toBe(state);
    expect([...problems, advice ?? ""].join("\n")).toMatch(says);
  });
});

describe("a manager's answer", () => {
  const part = (value: unknown) => `${JSON.stringify(value)}\n===`;

  test("is taken apart", () => {
    const info = { Swarm: { Cluster: { ID: "c" } } };
    const text = [[member("m1")], [], [], info].map(part).join("");
    expect(parseView("m1", text)).toMatchObject({ via: "m1", clusterId: "c", services: [] });
  });

  test("without a quorum is a reason, although info still answers", () => {
    const lost = { message: "rpc error: The swarm does not have a leader." };
    const text = [lost, lost, lost, { Swarm: { ControlAvailable: true } }].map(part).join("");
    expect(parseView("m1", text)).toBe("rpc error: The swarm does not have a leader.");
  });

  test("that was cut off is an error", () => {
    expect(() => parseView("m1", '[{"ID":')).toThrow();
  });
});
