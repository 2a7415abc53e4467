import { beforeAll, describe, expect, test } from "vitest";
import { SwarmMember } from "../../components/swarm/member.ts";
import { ARGS } from "../support/component-args.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { environmentOf, type Recording } from "../support/recording.ts";

describe("a member", () => {
  let made: SwarmMember;
  let recording: Recording;
  const args = ARGS.SwarmMember;
  beforeAll(async () => {
    ({ made, recording } = await record(() => new SwarmMember("s", args())));
  });

  test("joins by one step, which leaves when it is removed", () => {
    const join = recording.one("s-join");
    expect(recording.steps).toEqual([join]);
    expect(join.inputs).toMatchObject({
      create: "node scripts/swarm/member.ts",
      delete: "node scripts/swarm/leave.ts",
    });
    expect(join.options.deleteBeforeReplace).toBe(true);
  });

  test("joins again when its machine is another one", () => {
    const join = recording.one("s-join");
    expect(recording.dependencies(join)).toEqual(["machine-m1"]);
    expect(environmentOf(join).LAB_MACHINE).toBe("machine-m1-id");
    expect(join.options.propertyDependencies.environment).toEqual([
      recording.one("machine-m1").urn,
    ]);
  });

  test("is told all about its node, and the managers, of whom there may be more later", async () => {
    const { LAB_MEMBER, LAB_PEERS } = environmentOf(recording.one("s-join"));
    const { init, spec, managers } = (await record(args)).made;
    expect(LAB_MEMBER).toEqual({ node: managers[0], init, spec });
    expect(LAB_PEERS).toEqual(managers);
    expect(recording.one("s-join").options.ignoreChanges).toEqual(["environment.LAB_PEERS"]);
  });

  test("has time to drain", () => {
    const { customTimeouts } = recording.one("s-join").options;
    expect(customTimeouts).toEqual({ create: "5m", update: "5m", delete: "5m" });
  });

  test("tells its own id and the swarm's", async () => {
    expect(await promiseOf(made.nodeId)).toBe("node-id-of-m1");
    expect(await promiseOf(made.clusterId)).toBe("cluster-1");
  });
});
