import { describe, expect, test } from "vitest";
import type { StageCore } from "../../components/drills/stage/core.ts";
import { withoutRecovery } from "../../scripts/drills/without-recovery.ts";
import { NODES } from "./cli-status-support.ts";

function staged() {
  const did: string[] = [];
  const said: string[] = [];
  const real = {
    phase: (phase) => did.push(`phase ${phase}`),
    on: async (_, command) => {
      did.push(command);
      return "seen";
    },
    try: async (_, command) => {
      did.push(command);
      return { code: 3, stdout: "", stderr: "" };
    },
    step: (_, typed, work) => {
      did.push(typed);
      return work();
    },
    until: async (what, deadline) => {
      did.push(`${what} ${deadline}`);
      return undefined as never;
    },
  } as Partial<StageCore> as StageCore;
  return { did, said, core: withoutRecovery(real, { say: (line) => said.push(line) }) };
}
const [node] = NODES as unknown as Parameters<StageCore["on"]>[0][];

describe("a stage without recovery", () => {
  test("does everything before and after it", async () => {
    const { did, core } = staged();
    if (node === undefined) throw new Error("there are no nodes");
    core.phase("break", "it breaks");
    expect(await core.on(node, "kill")).toBe("seen");
    expect((await core.try(node, "look")).code).toBe(3);
    await core.until("dead", 90, async () => ({ done: true }));
    core.phase("verify", "it is seen");
    expect(await core.step(null, "read", async () => 7)).toBe(7);
    expect(did).toEqual(["phase break", "kill", "look", "dead 90", "phase verify", "read"]);
  });

  test("does nothing in it, tells what it left out, and waits for it no longer than a while", async () => {
    const { did, said, core } = staged();
    if (node === undefined) throw new Error("there are no nodes");
    core.phase("recover", "it would be mended");
    expect(await core.on(node, "docker swarm init\nmore")).toBe("");
    expect((await core.try(node, "docker swarm join")).code).toBe(0);
    expect(await core.step(null, "start", async () => 7)).toBeUndefined();
    await core.until("whole", 90, async () => ({ done: true }));
    expect(did).toEqual(["phase recover", "whole 20"]);
    expect(said).toEqual([
      `  left out: ${node.name}: docker swarm init`,
      `  left out: ${node.name}: docker swarm join`,
      "  left out: lab: start",
    ]);
  });
});
