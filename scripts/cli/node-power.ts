import pc from "picocolors";
import { UserError } from "../../components/errors.ts";
import { enginePower, startEngine, stopEngine, thawEngine } from "../../components/nodes/power.ts";
import { awaitEngine } from "../backup/engine.ts";
import type { ReachableNode } from "./describe.ts";
import { namedNodes } from "./named-node.ts";
import { report, timed } from "./report.ts";

/** Seconds until the engine of a node that was started answers. */
const ANSWERS = 60;

async function mustBeThere(node: ReachableNode) {
  const power = await enginePower(node);
  if (power === "missing" || power === "unknown")
    throw new UserError(
      `node ${node.name}: ${power === "missing" ? "its machine is gone; `npm run up` makes it anew" : "its machine does not answer"}`,
    );
  return power;
}

/** Stops the engines of some nodes, as a clean shutdown of their machines does. The rest of the lab is left to notice. */
export async function stopNodes(stack: string, names: readonly string[]): Promise<void> {
  const { nodes } = await namedNodes(stack, names);
  const stopOne = async (node: ReachableNode) => {
    const power = await mustBeThere(node);
    if (power === "off") return report(`${node.name} is stopped already`);
    await timed(`stopping ${node.name}`, () => stopEngine(node));
  };
  await Promise.all(nodes.map(stopOne));
}

/** What the engine says it is in its swarm, and what to do about it. */
function told({ name }: ReachableNode, state: string): string {
  if (state === "active") return pc.green(`${name} is a member of its swarm`);
  if (state === "locked")
    return pc.yellow(
      `${name} is locked: \`npm run shell -- ${name} docker swarm unlock\` asks for the key`,
    );
  return pc.yellow(`${name} runs; its engine says of its swarm: ${state}`);
}

/** Starts the engines of some nodes where they were stopped, and waits until they answer; what they join is not waited for. */
export async function startNodes(stack: string, names: readonly string[]): Promise<void> {
  const { nodes } = await namedNodes(stack, names);
  const startOne = async (node: ReachableNode) => {
    const power = await mustBeThere(node);
    const { state } = await timed(`starting ${node.name}`, async () => {
      if (power === "frozen") await thawEngine(node);
      if (power === "off") await startEngine(node);
      return awaitEngine(node, ANSWERS);
    });
    report(told(node, state));
  };
  await Promise.all(nodes.map(startOne));
}
