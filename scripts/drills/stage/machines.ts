import type { StageMachines } from "../../../components/drills/stage/machines.ts";
import { onDisk, readFrom, writeTo } from "../../../components/nodes/disk.ts";
import { shellOn } from "../../../components/nodes/exec.ts";
import {
  enginePower,
  freezeEngine,
  killEngine,
  startEngine,
  stopEngine,
  thawEngine,
} from "../../../components/nodes/power.ts";
import { createSpare, removeSpare } from "../../../components/nodes/spare.ts";
import { capture } from "../../../components/process.ts";
import type { StageContext } from "./context.ts";

/** Every machine through the engine that its container runs on. */
export function stageMachines({ core }: StageContext): StageMachines {
  const { step } = core;
  const disk: StageMachines["disk"] = (node, what, script) =>
    step(node, what, () => onDisk(node, what, script));
  return {
    stop: (node) => step(node, "systemctl stop docker docker.socket", () => stopEngine(node)),
    kill: (node) => step(node, "(its power is cut)", () => killEngine(node)),
    start: (node) => step(node, "systemctl start docker", () => startEngine(node)),
    async wipe(node) {
      const script = "rm -rf /var/lib/docker/swarm /var/lib/docker/swarm.*; sync";
      await disk(node, "rm -rf /var/lib/docker/swarm", script);
    },
    freeze(node) {
      core.defer(`${node.name} goes on`, async () => {
        if ((await enginePower(node)) === "frozen") await thawEngine(node);
      });
      return step(node, "(it is frozen)", () => freezeEngine(node));
    },
    thaw: (node) => step(node, "(it goes on)", () => thawEngine(node)),
    disk,
    async engineLog(node, lines) {
      const { engine, container } = node.connection;
      const args = ["--host", engine, "logs", "--tail", String(lines), container];
      const { stdout, stderr } = await capture("docker", args);
      return `${stdout}${stderr}`;
    },
    async newMachine(node, suffix, place) {
      const typed = `(a new machine ${node.name}-${suffix})`;
      const spare = await step(null, typed, () => createSpare(node, suffix, place));
      core.defer(`the machine ${spare.name} goes`, () => removeSpare(spare));
      return spare;
    },
    removeMachine: (spare) =>
      step(null, `(the machine ${spare.name} goes)`, () => removeSpare(spare)),
    carry: (from, read, to, write) =>
      step(from, `${read} | ssh ${to.name} ${write}`, async () => {
        const { stream, done } = await readFrom(from, "reading", read, shellOn(from.connection));
        await Promise.all([writeTo(to, "writing", write, stream), done]);
      }),
    isOn: async (node) => (await enginePower(node)) === "on",
    async exitCode(node) {
      const { engine, container } = node.connection;
      const format = "{{.State.ExitCode}}";
      const { stdout } = await capture("docker", [
        ...["--host", engine, "container", "inspect", "--format", format, container],
      ]);
      return Number(stdout.trim() || "NaN");
    },
  };
}
