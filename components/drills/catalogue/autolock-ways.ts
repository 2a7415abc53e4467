import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage, StagedBackup, StagedKey } from "../stage.ts";
import { awaitState, BLOCKED } from "./autolock-steps.ts";
import { said } from "./said.ts";

/** Seconds after which a manager that waits for others is taken to wait for ever. */
export const NEVER = 90;

/**
 * Seconds for a quorum that is unlocked at once. It needs a leader, and only the manager with the longer log can be one: each
 * time that the other's timer ends first its request is refused, and both wait for fifteen seconds again. Five times in a
 * row were seen, which is 88 s.
 */
const TOGETHER = 300;

/** The order of the manual: start, unlock, force. Ends with the engine killed, as nothing else ends it. */
export async function documentedWay(
  stage: Stage,
  backup: StagedBackup,
  node: NodeHandle,
  key: StagedKey,
) {
  stage.phase("prove", "the documented way: start, unlock, --force-new-cluster");
  await stage.placeBackup(backup, node);
  await stage.start(node);
  const started = await awaitState(stage, node, "locked");
  const force = `docker swarm init --force-new-cluster --advertise-addr ${node.address}`;
  const forcedLocked = said(await stage.try(node, force, { seconds: BLOCKED }));
  const unlocked = said(await stage.unlock(node, key, NEVER));
  const forced = said(await stage.try(node, force, { seconds: BLOCKED }));
  const from = Date.now();
  await stage.stop(node);
  const stopSeconds = (Date.now() - from) / 1000;
  const exitCode = await stage.exitCode(node);
  stage.fact("documented", { started, forcedLocked, unlocked, forced, stopSeconds, exitCode });
}

/** The only way without any tool: as many managers as make a quorum, each from its own backup, unlocked at once. */
export async function together(stage: Stage, key: StagedKey): Promise<void> {
  stage.phase("recover", "a quorum of managers, each from its own backup, unlocked at once");
  const before = await stage.fingerprint();
  const leader = await stage.leader();
  const others = stage.managers.filter(({ name }) => name !== leader.name);
  const nodes = others.slice(0, Math.floor(stage.managers.length / 2) + 1);
  const backups: StagedBackup[] = [];
  for (const { name } of nodes) backups.push(await stage.backUp({ node: name }));
  await Promise.all(stage.managers.map((node) => stage.kill(node)));
  await Promise.all(stage.managers.map((node) => stage.wipe(node)));
  for (const [index, node] of nodes.entries()) {
    const backup = backups[index];
    if (backup !== undefined) await stage.placeBackup(backup, node);
  }
  await Promise.all(nodes.map((node) => stage.start(node)));
  const states = await Promise.all(nodes.map((node) => awaitState(stage, node, "locked")));
  const from = Date.now();
  const unlocked = await Promise.all(nodes.map((node) => stage.unlock(node, key, TOGETHER)));
  const seconds = (Date.now() - from) / 1000;
  const after = await stage.until<SwarmFingerprint>("they elect a leader", 60, async () => {
    const found = await stage.fingerprint().catch((error: Error) => error);
    return found instanceof Error ? { waiting: found.message } : { done: found };
  });
  const short = ({ clusterId, settings }: SwarmFingerprint) => ({ clusterId, settings });
  stage.fact("together", {
    ...{ nodes: nodes.map(({ name }) => name), states, unlocked: unlocked.map(said), seconds },
    ...{ before: short(before), after: short(after) },
  });
  for (const node of stage.managers.filter((one) => !nodes.includes(one))) {
    const wanted = before.nodes.find(({ hostname }) => hostname === node.name);
    if (wanted === undefined) continue;
    const ghost = `docker node demote ${wanted.id} >/dev/null; docker node rm --force ${wanted.id}`;
    await stage.until<true>(`the entry of the lost ${node.name} is removed`, 60, async () => {
      const { code, stderr } = await stage.try(await stage.leader(), ghost);
      return code === 0 ? { done: true } : { waiting: stderr.trim() };
    });
    await stage.rejoin(node, wanted);
  }
  await stage.whole(120);
}
