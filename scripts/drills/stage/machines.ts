import type { StageMachines } from "../../../components/drills/stage/machines.ts";
import { asContainer } from "../../../components/nodes/container.ts";
import { onDisk, readFrom, writeTo } from "../../../components/nodes/disk.ts";
import {
  engineExitCode,
  engineLog,
  enginePower,
  freezeEngine,
  killEngine,
  startEngine,
  stopEngine,
  thawEngine,
} from "../../../components/nodes/power.ts";
import {
  changeImage,
  createSpare,
  removeSpare,
  type SparePlace,
} from "../../../components/nodes/spare.ts";
import type { NodeHandle } from "../../../components/nodes/types.ts";
import { ensureImage } from "../../images.ts";
import { type StageContext, sayBelow } from "./context.ts";

/** Every machine through the engine that its container runs on. */
export function stageMachines({ core, record }: StageContext): StageMachines {
  const { step } = core;
  const disk: StageMachines["disk"] = (node, what, script) =>
    step(node, what, () => onDisk(node, what, script));
  const newMachine = async (
    node: NodeHandle,
    suffix: string,
    place: SparePlace,
    image?: string,
  ) => {
    const typed = `(a new machine ${node.name}-${suffix})`;
    const spare = await step(null, typed, () =>
      createSpare(asContainer(node), suffix, place, image),
    );
    core.defer(`the machine ${spare.name} goes`, () => removeSpare(asContainer(spare)));
    return spare;
  };
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
    engineLog,
    newMachine,
    async oldMachine(node, suffix) {
      const { engine } = asContainer(node).connection;
      const image = await step(null, "(an image with the engine before)", () =>
        ensureImage("node-previous", { engine, report: sayBelow(record) }),
      );
      return newMachine(node, suffix, "beside", image);
    },
    upgrade: (spare, like) =>
      step(spare, "apt-get install docker.io (of the next release)", () =>
        changeImage(asContainer(spare), asContainer(like)),
      ),
    removeMachine: (spare) =>
      step(null, `(the machine ${spare.name} goes)`, () => removeSpare(asContainer(spare))),
    carry: (from, read, to, write) =>
      step(from, `${read} | ssh ${to.name} ${write}`, async () => {
        const { stream, done } = await readFrom(from, "reading", read, "node");
        await Promise.all([writeTo(to, "writing", write, stream), done]);
      }),
    isOn: async (node) => (await enginePower(node)) === "on",
    exitCode: engineExitCode,
  };
}
