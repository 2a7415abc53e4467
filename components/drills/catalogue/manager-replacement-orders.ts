import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { backAsManager, except, inWords, led, listed, members } from "./members.ts";
import { refusedBy } from "./refusal.ts";

/** The leader, the follower whose loss is tried afterwards, and the manager whose machine is replaced. */
export async function followers(
  stage: Stage,
): Promise<readonly [NodeHandle, NodeHandle, NodeHandle]> {
  const leader = await led(stage);
  const [other, node] = except(stage.managers, leader);
  if (other === undefined || node === undefined) throw new Error("a lab without three managers");
  return [leader, other, node];
}

const managersOf = async (stage: Stage, via: NodeHandle) =>
  (await members(stage, via)).filter(({ manager }) => manager !== "").map(inWords);

async function loseDisk(stage: Stage, node: NodeHandle): Promise<void> {
  await stage.kill(node);
  await stage.wipe(node);
}

/** The new machine joins while the dead manager is a member still. */
export async function joinFirst(stage: Stage): Promise<void> {
  const [leader, other, node] = await followers(stage);
  const former = (await members(stage, leader)).find(({ name }) => name === node.name);
  if (former === undefined) throw new Error(`${leader.name} does not list ${node.name}`);
  stage.phase("break", `${node.name} leaves, and joins anew before its old entry goes`);
  stage.mark("fault");
  await stage.on(node, "docker swarm leave --force", { seconds: 60 });
  await listed(stage, leader, node.name, / Unreachable$/);
  stage.fact("gone", await managersOf(stage, leader));
  await stage.joinBeside(node, "drain");
  await backAsManager(stage, leader, node);
  stage.fact("first", node.name);
  stage.fact("wrong", await managersOf(stage, leader));
  stage.phase("prove", `three managers are Reachable, and the loss of ${other.name} is too much`);
  stage.fact("wrongLost", other.name);
  await stage.kill(other);
  stage.mark("lost");
  stage.fact("refusal", await refusedBy(stage, leader));
  stage.mark("refused");
  await stage.start(other);
  const via = await led(stage);
  await backAsManager(stage, via, other);
  stage.phase("recover", "the dead entry is demoted and removed");
  await remove(stage, via, former.id);
}

async function remove(stage: Stage, via: NodeHandle, id: string): Promise<void> {
  await stage.on(via, `docker node demote ${id}`);
  await stage.until(`${id} is removed`, 60, async () => {
    const { code, stderr } = await stage.try(via, `docker node rm ${id}`);
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
}

/** The dead manager goes first, by demotion and removal; then the new machine joins. */
export async function removeFirst(stage: Stage): Promise<void> {
  const [leader, other, node] = await followers(stage);
  const wanted = (await stage.fingerprint()).nodes.find(({ hostname }) => hostname === node.name);
  if (wanted === undefined) throw new Error(`${leader.name} does not list ${node.name}`);
  stage.fact("replaced", node.name);
  stage.fact("before", wanted);
  stage.phase("recover", `${node.name} loses its disk: demote, remove, join`);
  await loseDisk(stage, node);
  await remove(stage, leader, wanted.id);
  await stage.rejoin(node, wanted);
  stage.fact("right", await managersOf(stage, leader));
  stage.fact("rightLost", other.name);
  await stage.kill(other);
  stage.mark("tried");
  await stage.moreWrites(20, 60);
  stage.mark("written");
  await stage.start(other);
  await backAsManager(stage, leader, other);
}
