import { describe, expect, test } from "vitest";
import { OverlayNetwork, type OverlayNetworkArgs } from "../../components/swarm/overlay-network.ts";
import { ARGS } from "../support/component-args.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { environmentOf } from "../support/recording.ts";

async function build(changes: Partial<OverlayNetworkArgs> = {}) {
  const { made, recording } = await record(
    () => new OverlayNetwork("o", { ...ARGS.OverlayNetwork(), ...changes }),
  );
  expect(recording.custom).toHaveLength(2);
  return {
    made,
    recording,
    network: recording.one("o-overlay"),
    idle: recording.one("o-idle"),
  };
}

test("an overlay is this network", async () => {
  const { made, network } = await build({ subnet: "10.9.0.0/24", attachable: true });
  expect(network.inputs).toEqual({
    name: "app",
    driver: "overlay",
    attachable: true,
    options: {},
    ipamConfigs: [{ subnet: "10.9.0.0/24" }],
    labels: [
      { label: "swarm-lab.lab", value: "dev" },
      { label: "team", value: "blue" },
    ],
  });
  expect(network.options.deleteBeforeReplace).toBe(true);
  expect(await promiseOf(made.networkId)).toBe("o-overlay-id");
});

describe("the options of an overlay", () => {
  test.each<[string, Partial<OverlayNetworkArgs>, Record<string, string>]>([
    ["none", {}, {}],
    ["encryption", { encrypted: true }, { encrypted: "" }],
    ["an MTU", { mtu: 1400 }, { "com.docker.network.driver.mtu": "1400" }],
    [
      "both",
      { encrypted: true, mtu: 1400 },
      { encrypted: "", "com.docker.network.driver.mtu": "1400" },
    ],
  ])("can be %s", async (_, changes, options) => {
    expect((await build(changes)).network.inputs.options).toEqual(options);
  });

  test("are not compared, since the engine adds its own, but a change of them is another network", async () => {
    const plain = await build();
    expect(plain.network.options.ignoreChanges).toContain("options");
    const triggers = [plain, await build({ encrypted: true }), await build({ mtu: 1400 })].map(
      ({ network }) => network.options.replacementTrigger,
    );
    expect(new Set(triggers).size).toBe(3);
    expect((await build()).network.options.replacementTrigger).toEqual(triggers[0]);
  });
});

test("a subnet that the swarm chooses is not compared, one that is given is", async () => {
  const chosen = await build({ subnet: "auto" });
  expect(chosen.network.inputs).not.toHaveProperty("ipamConfigs");
  expect(chosen.network.options.ignoreChanges).toEqual(["options", "ipamConfigs"]);
  const given = await build({ subnet: "10.9.0.0/24" });
  expect(given.network.options.ignoreChanges).toEqual(["options"]);
});

test("an overlay is removed only when a step has seen that nothing uses it", async () => {
  const { made, recording, idle } = await build();
  expect(idle.inputs).toMatchObject({ create: ":", delete: "node scripts/swarm/network-idle.ts" });
  expect(recording.dependencies(idle)).toEqual(["o-overlay"]);
  expect(environmentOf(idle).LAB_NETWORK).toEqual({ network: "app" });
  expect(idle.options.ignoreChanges).toEqual(["environment.LAB_PEERS"]);
  expect(await promiseOf(made.usable.urn)).toBe(idle.urn);
});
