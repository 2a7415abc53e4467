/** Raft arithmetic: how many managers must agree, how many may be lost, and which losses do it. */
import type { PlannedNode } from "../nodes/types.ts";

type Voter = Pick<PlannedNode, "name" | "role" | "zone">;

/** The managers that must agree on a write: floor(n/2)+1. */
export function majority(managers: number): number {
  return Math.floor(managers / 2) + 1;
}

/** The managers that may be lost while writes go on: floor((n-1)/2). An even count adds nothing. */
export function tolerance(managers: number): number {
  return Math.max(0, managers - majority(managers));
}

/** What is left of the swarm after a loss. */
export interface WhatIf {
  readonly managers: number;
  readonly quorum: number;
  readonly left: number;
  /** Whether a leader can be elected and writes go on. */
  readonly holds: boolean;
  /** How many more managers may be lost; 0 when the quorum is gone. */
  readonly spare: number;
  readonly sentence: string;
}

/**
 * What losing the nodes named in `lost` does to the quorum. Lost managers still count: they stay
 * members until they are removed. Throws a RangeError for a name that is no node's.
 */
export function whatIf(nodes: readonly Voter[], lost: readonly string[]): WhatIf {
  const unknown = lost.find((name) => !nodes.some((node) => node.name === name));
  if (unknown !== undefined) throw new RangeError(`${unknown} is not a node of this lab`);
  const voters = nodes.filter((node) => node.role === "manager");
  const managers = voters.length;
  const quorum = majority(managers);
  const left = voters.filter((node) => !lost.includes(node.name)).length;
  const holds = left >= quorum;
  const spare = holds ? left - quorum : 0;
  const fate = holds ? `survives ${spare} more` : "no leader, no writes";
  const count = `${left} of ${managers} ${managers === 1 ? "manager" : "managers"} left`;
  const sentence = `${count}, quorum ${quorum}, ${fate}`;
  return { managers, quorum, left, holds, spare, sentence };
}

/** For each zone, in the order in which the nodes name them: what losing all of it does. */
export function zoneLoss(nodes: readonly Voter[]): ReadonlyMap<string, WhatIf> {
  const zones = new Set(nodes.map((node) => node.zone));
  const namesIn = (zone: string) =>
    nodes.filter((node) => node.zone === zone).map((node) => node.name);
  return new Map([...zones].map((zone) => [zone, whatIf(nodes, namesIn(zone))]));
}

/** "3 managers, quorum 2, survives 1". */
export function quorumSentence(managers: number): string {
  const count = `${managers} ${managers === 1 ? "manager" : "managers"}`;
  return `${count}, quorum ${majority(managers)}, survives ${tolerance(managers)}`;
}
