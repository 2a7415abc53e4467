import type { StageCore } from "../../../components/drills/stage/core.ts";
import { type ExecOptions, execOn, NodeCommandError } from "../../../components/nodes/exec.ts";
import { WaitError, waitFor } from "../../lib/wait.ts";
import { askManagers } from "../../swarm/managers.ts";
import type { StageContext } from "./context.ts";
import type { Deferred } from "./deferred.ts";

/** Asks for no more than this, as drills ask often: all that a swarm is made of may be a hundred megabytes. */
const LEADER = "docker node ls --filter role=manager --format '{{.Hostname}} {{.ManagerStatus}}'";

/** Every node through its own shell. */
export function stageCore(
  { description, record }: Omit<StageContext, "core">,
  deferred: Deferred,
): StageCore {
  const { lab, nodes } = description;
  const managers = nodes.filter(({ role }) => role === "manager");
  const attempt: StageCore["try"] = (node, command, { seconds = 30, stdin } = {}) => {
    const options: ExecOptions = {
      timeout: (seconds + 5) * 1000,
      ...(stdin === undefined ? {} : { stdin }),
    };
    // Ended on the node as well: a client that is killed leaves the command running there.
    const script = `exec timeout ${seconds} sh -euc '${command.replaceAll("'", `'\\''`)}'`;
    return record.step(node, command, () => execOn(node, script, options));
  };
  return {
    ...{ lab, nodes, managers, runId: record.evidence.runId },
    workers: nodes.filter(({ role }) => role === "worker"),
    phase: (phase, what) => record.phase(phase, what),
    fact: (name, value) => record.fact(name, value),
    mark: (name, at) => record.mark(name, at),
    try: attempt,
    async on(node, command, options) {
      const result = await attempt(node, command, options);
      if (result.code !== 0)
        throw new NodeCommandError(node.name, command.split("\n")[0] ?? "", result);
      return result.stdout.trim();
    },
    step: (node, typed, work) => record.step(node, typed, work),
    until: (what, deadline, look) => waitFor(what, look, { deadline, interval: 0.5 }),
    async leader() {
      const answer = await askManagers(managers, LEADER);
      if (answer === undefined) throw new WaitError("no manager of the lab has a quorum");
      const name = answer.stdout.split("\n").find((line) => line.endsWith(" Leader"));
      // A worker that a drill promoted may lead as well.
      const node = nodes.find((one) => `${one.name} Leader` === name);
      if (node === undefined)
        throw new WaitError(`the leader ${name ?? "(none)"} is no node of this lab`);
      return node;
    },
    defer: (what, work) => deferred.add(what, work),
  };
}
