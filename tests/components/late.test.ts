import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { Edge } from "../../components/swarm/edge.ts";
import { SwarmMember } from "../../components/swarm/member.ts";
import { OverlayNetwork } from "../../components/swarm/overlay-network.ts";
import { LabRegistry } from "../../components/swarm/registry.ts";
import { SwarmSecret } from "../../components/swarm/secret.ts";
import { SwarmService } from "../../components/swarm/service.ts";
import { ARGS } from "../support/component-args.ts";
import { record } from "../support/mocks.ts";

const MADE = { Edge, LabRegistry, OverlayNetwork, SwarmMember, SwarmSecret, SwarmService };

describe.each(Object.entries(MADE))("%s", (className, component) => {
  test("waits only with its resources for what they need", async () => {
    const { recording } = await record(() => {
      const provider = new docker.Provider("swarm", { host: "tcp://127.0.0.1:1" });
      const first = new docker.Volume("first", {});
      const owner = new pulumi.ComponentResource("test:index:Owner", "owner");
      const args = ARGS[className as keyof typeof ARGS]();
      return new component("late", args as never, { parent: owner, provider, dependsOn: [first] });
    });
    const top = recording.all.find(({ type }) => type === `swarm-lab:swarm:${className}`);
    if (top === undefined) throw new Error(`${className} registers nothing`);
    expect(top.options.providers).toEqual({});
    expect(top.options.dependencies).toEqual([]);
    const within = recording.under(top);
    for (const each of within.filter(({ custom }) => !custom)) {
      expect(each.options.providers, each.name).toEqual({});
      expect(each.options.dependencies, each.name).toEqual([]);
    }
    const made = within.filter(({ custom }) => custom);
    expect(made).not.toEqual([]);
    const docked = made.filter(({ type }) => type.startsWith("docker:"));
    expect(docked.map((each) => recording.provider(each))).toEqual(docked.map(() => "swarm"));
    // An overlay's second resource is only there for its end, and waits for the first.
    for (const each of made.filter(({ name }) => !name.endsWith("-idle")))
      expect(each.options.dependencies, each.name).toContain(recording.one("first").urn);
  });
});
