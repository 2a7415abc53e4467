import { execOn, runOn } from "../../components/nodes/exec.ts";
import { enginePower, startEngine, thawEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { exerciseNamed } from "../../components/practice/catalogue/index.ts";
import { awaitEngine, unlockEngine } from "../backup/engine.ts";
import { awaitWhole } from "../drills/lab-health.ts";
import { mendAfterDrill } from "../swarm/mend-drill.ts";
import { mendMembers } from "../swarm/mend-members.ts";
import { leaderOf, mustType } from "./places.ts";
import { endSession } from "./session-file.ts";
import { membersNow, removeNew, restoreNode, restoreServices } from "./snapshot.ts";
import { current, deskOf, managersOf, own, type PracticeLab } from "./under-way.ts";

/** Seconds until a lab has to be whole after a reset. */
const WHOLE = 120;

/** Throws a UserError when the exercise that is under way is part of an exam. */
export async function refuseInExam(stack: string): Promise<void> {
  await own(stack, "reset");
}

/** Starts a node's engine where it does not run, and returns what it says of its swarm. */
async function powered(node: NodeHandle): Promise<string> {
  const power = await enginePower(node);
  if (power === "frozen") await thawEngine(node);
  if (power === "off") await startEngine(node);
  return (await awaitEngine(node)).state;
}

/**
 * Brings engines back that an exercise stopped or froze, and opens those that are locked. Where autolock was switched off
 * meanwhile nobody has their key any more: they leave, and join anew with what the swarm knows.
 */
async function bringBack({ description: { nodes } }: PracticeLab): Promise<void> {
  const states = await Promise.all(nodes.map(powered));
  const locked = nodes.filter((_, at) => states[at] === "locked");
  if (locked.length === 0) return;
  const key = await execOn(await leaderOf(nodes), "docker swarm unlock-key --quiet");
  await Promise.all(
    locked.map((node) =>
      key.code === 0
        ? unlockEngine(node, key.stdout.trim())
        : runOn(node, "leaving, as its key is gone", "docker swarm leave --force >/dev/null"),
    ),
  );
}

/** Takes back what came with the exercise, and waits until the lab is whole. Done twice, it changes nothing the second time. */
export async function reset(lab: PracticeLab): Promise<void> {
  const { stack, description, members, say } = lab;
  const session = await current(stack);
  const { nodes } = description;
  await bringBack(lab);
  for (const command of exerciseNamed(session.exercise).cleanUp ?? [])
    await mustType(command, deskOf(lab, session));
  const { before } = session;
  const leader = await leaderOf(nodes);
  // In the order in which one holds the other: services their tasks, containers and tasks all the rest. A service of the
  // lab's may have been given a secret or a network of the exercise's.
  await removeNew(leader, before, ["service"]);
  await Promise.all(nodes.map((node) => restoreNode(node, before)));
  await restoreServices(leader, before);
  await removeNew(leader, before, ["secret", "config", "network"]);
  // Most exercises leave nodes and settings alone, and looking at each of them takes seconds.
  if ((await membersNow([leader, ...managersOf(lab)], nodes)) !== before.members) {
    await mendMembers(members, { afterDrill: true, say });
    await mendAfterDrill(members);
  }
  await awaitWhole(description, WHOLE);
  await endSession(stack);
}
