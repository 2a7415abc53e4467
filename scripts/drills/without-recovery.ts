import type { Phase, StageCore } from "../../components/drills/stage/core.ts";
import type { Record } from "./record.ts";

/** Seconds that anything is waited for which nobody does. */
const PATIENCE = 20;

/**
 * The core of a stage on which nothing is done in the phase `recover`: steps and commands are told and left out, and answer as
 * if they had said nothing. A drill that passes on it proves nothing. What is deferred is undone all the same.
 */
export function withoutRecovery(core: StageCore, record: Pick<Record, "say">): StageCore {
  let now: Phase | undefined;
  const leftOut = (where: string, what: string): boolean => {
    if (now !== "recover") return false;
    record.say(`  left out: ${where}: ${what.split("\n")[0]}`);
    return true;
  };
  return {
    ...core,
    phase(phase, what) {
      now = phase;
      core.phase(phase, what);
    },
    step: async (node, typed, work) =>
      leftOut(node?.name ?? "lab", typed) ? (undefined as never) : core.step(node, typed, work),
    on: async (node, command, options) =>
      leftOut(node.name, command) ? "" : core.on(node, command, options),
    try: async (node, command, options) =>
      leftOut(node.name, command)
        ? { code: 0, stdout: "", stderr: "" }
        : core.try(node, command, options),
    until: (what, deadline, look) =>
      core.until(what, now === "recover" ? Math.min(deadline, PATIENCE) : deadline, look),
  };
}
