import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import {
  agedCertificate,
  certificateOf,
  type DrillAuthority,
  type NodeCertificate,
} from "./certificates.ts";
import { type Said, said } from "./said.ts";
import { awaitEntry, entryIndex } from "./stranger.ts";

/** Seconds that a young certificate is watched: an old one is renewed in less. */
export const WATCHED = 8;
export const HOUR = 3_600_000;

const INFO = "docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.Error}}'";

/** Starts a machine with a certificate of another age and waits until it is Ready. */
async function startAged(
  stage: Stage,
  authority: DrillAuthority,
  machine: NodeHandle,
  id: string,
  hours: readonly [number, number],
): Promise<NodeCertificate> {
  const index = await entryIndex(stage, id);
  await stage.stop(machine);
  await agedCertificate(stage, authority, machine, ...hours);
  await stage.start(machine);
  const put = await certificateOf(stage, machine);
  await stage.until<true>(`${machine.name} registers again`, 60, async () => {
    const now = await entryIndex(stage, id);
    return now > index ? { done: true } : { waiting: `its entry was last written at ${now}` };
  });
  await awaitEntry(stage, machine, "Ready");
  return put;
}

/** A tenth of its life is over: nothing happens. Nine tenths: it is renewed at once. */
export async function renewal(
  stage: Stage,
  authority: DrillAuthority,
  machine: NodeHandle,
  id: string,
) {
  const young = await startAged(stage, authority, machine, id, [-1, 9]);
  const from = Date.now();
  const later = await stage.until<NodeCertificate>(
    "a young certificate is watched",
    60,
    async () => {
      const now = await certificateOf(stage, machine);
      return now.serial !== young.serial || Date.now() - from >= WATCHED * 1000
        ? { done: now }
        : { waiting: "it is the same" };
    },
  );
  stage.fact("young", { put: young, later });
  const old = await startAged(stage, authority, machine, id, [-9, 1]);
  const renewed = await stage.until<NodeCertificate>("an old one is renewed", 60, async () => {
    const now = await certificateOf(stage, machine);
    const yet = now.to - now.from > 5 * HOUR;
    return yet ? { waiting: "it is the same" } : { done: now };
  });
  stage.fact("old", { put: old, later: renewed });
}

/** Its life is over: the node says so, and is Down in the swarm's list. */
export async function expire(stage: Stage, authority: DrillAuthority, machine: NodeHandle) {
  await stage.stop(machine);
  await agedCertificate(stage, authority, machine, -240, -24);
  await stage.start(machine);
  const info = await stage.until<Said>(`${machine.name} says what it lacks`, 60, async () => {
    const now = said(await stage.try(machine, INFO));
    return now.code === 0 && /expired/.test(now.text) ? { done: now } : { waiting: now.text };
  });
  const entry = await awaitEntry(stage, machine, "Down");
  stage.fact("expired", { put: await certificateOf(stage, machine), info, entry });
}
