import { describe, expect, test } from "vitest";
import type { LabContainer } from "../../scripts/cli/docker.ts";
import { type EngineThings, planHeal } from "../../scripts/cli/heal-plan.ts";
import type { StackState, StateResource } from "../../scripts/cli/state.ts";

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const SERVICE = "docker:index/service:Service";

const resource = (type: string, name: string, id?: string, outputs = {}): StateResource => ({
  urn: `urn:pulumi:dev::swarm-lab::${type}::${name}`,
  type,
  ...(id === undefined ? {} : { id }),
  inputs: { name },
  outputs,
});

const container = (name: string, id: string, state: LabContainer["state"] = "running") => ({
  id,
  name,
  state,
  status: "",
  node: name,
  role: "manager",
  zone: "a",
});

const state = (resources: StateResource[], creating: StateResource[] = []): StackState => ({
  resources,
  pending: creating.map((one) => ({ resource: one, type: "creating" })),
  outputs: {},
});

const engine = (
  containers: LabContainer[],
  networks: EngineThings["networks"] = [],
  volumes: string[] = [],
) => ({ containers, networks, volumes });

const NOTHING = {
  start: [],
  unpause: [],
  refresh: [],
  removeContainers: [],
  removeNetworks: [],
  removeInSwarm: [],
  clearPending: false,
  swarmLost: false,
  foreign: [],
};

describe("what is healed before pulumi up", () => {
  test("nothing where there is nothing", () => {
    expect(planHeal(undefined, engine([]))).toEqual(NOTHING);
  });

  test("nothing where state and engine agree", () => {
    const known = state([resource(CONTAINER, "m1", "1"), resource(NETWORK, "lab", "n")]);
    const there = engine([container("m1", "1")], [{ id: "n", name: "lab" }]);
    expect(planHeal(known, there)).toEqual(NOTHING);
  });

  test("containers of the lab that stopped are started, paused ones go on", () => {
    const names = ["m1", "m2", "m3", "w1"];
    const known = state(names.map((name, index) => resource(CONTAINER, name, String(index))));
    const there = engine([
      container("m1", "0", "exited"),
      container("m2", "1", "created"),
      container("m3", "2", "paused"),
      container("w1", "3"),
    ]);
    expect(planHeal(known, there)).toEqual({ ...NOTHING, start: ["m1", "m2"], unpause: ["m3"] });
  });

  test("containers that are gone are refreshed, by their URNs and alone", () => {
    const m1 = resource(CONTAINER, "m1", "1");
    const known = state([m1, resource(CONTAINER, "m2", "2"), resource(SERVICE, "app", "s")]);
    expect(planHeal(known, engine([container("m2", "2")]))).toEqual({
      ...NOTHING,
      refresh: [m1.urn],
    });
  });

  test("a container that was made anew by hand under the name is not taken for the one on record", () => {
    const m1 = resource(CONTAINER, "m1", "1");
    const plan = planHeal(state([m1]), engine([container("m1", "other")]));
    expect(plan.refresh).toEqual([m1.urn]);
    expect(plan.removeContainers).toEqual([]);
  });

  test("the engine's own network is refreshed when gone, one inside the swarm never is", () => {
    const bridge = resource(NETWORK, "lab", "n1", { driver: "bridge" });
    const overlay = resource(NETWORK, "app", "n2", { driver: "overlay" });
    expect(planHeal(state([bridge, overlay]), engine([])).refresh).toEqual([bridge.urn]);
  });

  test("what a killed run made without recording it is removed, and its operations are cleared", () => {
    const known = state(
      [resource(CONTAINER, "m1", "1")],
      [resource(CONTAINER, "m2"), resource(NETWORK, "lab"), resource("command:local:Command", "x")],
    );
    const there = engine(
      [container("m1", "1"), container("m2", "2", "created")],
      [{ id: "n", name: "lab" }],
    );
    expect(planHeal(known, there)).toEqual({
      ...NOTHING,
      removeContainers: ["2"],
      removeNetworks: ["n"],
      clearPending: true,
    });
  });

  test("what the killed run had not begun to make is left alone", () => {
    const known = state([resource(CONTAINER, "m1", "1")], [resource(CONTAINER, "m2")]);
    const there = engine([container("m1", "1"), container("drill-helper", "9")]);
    expect(planHeal(known, there).removeContainers).toEqual([]);
  });

  test("an operation that was recorded after all removes nothing", () => {
    const m1 = resource(CONTAINER, "m1", "1");
    const plan = planHeal(state([m1], [resource(CONTAINER, "m1")]), engine([container("m1", "1")]));
    expect(plan).toEqual({ ...NOTHING, clearPending: true });
  });

  test("what was being made inside the swarm is looked for there", () => {
    const creating = [
      resource(SERVICE, "app"),
      resource(NETWORK, "overlay"),
      resource("docker:index/secret:Secret", "token-1a2b"),
      resource("docker:index/serviceConfig:ServiceConfig", "greeting-3c4d"),
    ];
    const known = state([resource(CONTAINER, "m1", "1")], creating);
    expect(planHeal(known, engine([container("m1", "1")])).removeInSwarm).toEqual([
      { kind: "service", name: "app" },
      { kind: "network", name: "overlay" },
      { kind: "secret", name: "token-1a2b" },
      { kind: "config", name: "greeting-3c4d" },
    ]);
  });

  test.each([
    ["no state", undefined],
    ["an empty state", state([])],
  ])("containers of this name and %s: another checkout's lab, not to be touched", (_, known) => {
    expect(planHeal(known, engine([container("m1", "1", "exited")]))).toEqual({
      ...NOTHING,
      foreign: ["m1"],
    });
  });

  test("volumes alone are another lab's as well: they hold what its swarm knew", () => {
    expect(planHeal(undefined, engine([], [], ["m1-data"])).foreign).toEqual(["m1-data"]);
    const ours = state([resource(CONTAINER, "m1", "1")]);
    expect(planHeal(ours, engine([container("m1", "1")], [], ["m1-data"])).foreign).toEqual([]);
  });

  describe("disks", () => {
    const VOLUME = "docker:index/volume:Volume";
    const disk = (name: string, role: string): StateResource => ({
      ...resource(VOLUME, name, name),
      inputs: { name, labels: [{ label: "swarm-lab.role", value: role }] },
    });
    const known = state([disk("m1", "manager"), disk("m2", "manager"), disk("w1", "worker")]);
    const gone = (...volumes: string[]) => planHeal(known, engine([], [], volumes));

    test("that are gone are refreshed, so that they are made with their labels", () => {
      expect(gone("m2", "w1")).toEqual({ ...NOTHING, refresh: [known.resources[0]?.urn] });
    });

    test("of all managers take the swarm with them", () => {
      expect(gone("w1").swarmLost).toBe(true);
      expect(gone().swarmLost).toBe(true);
      expect(gone("m1").swarmLost).toBe(false);
      expect(gone("m1", "m2", "w1")).toEqual(NOTHING);
    });
  });
});
