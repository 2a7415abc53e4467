import { isUndo, UNDO_LABEL } from "../../components/drills/undo.ts";
import { UserError } from "../../components/errors.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { quoted } from "../../components/nodes/quote.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { LIST_SERVICES, parseServices, wentWrong } from "../../components/swarm/service-list.ts";
import type { MemberInput } from "../../components/swarm/step-inputs.ts";
import { WRITE_LABEL } from "../drills/writer.ts";
import { waitFor } from "../lib/wait.ts";
import { awaitServices, updated } from "./await-services.ts";
import { askManagers, changeOn } from "./managers.ts";
import { ghostsOf, lookAtMembers } from "./mend-members.ts";
import { applyNodeSpec } from "./node-spec.ts";
import { applySettings } from "./swarm-spec.ts";

const KINDS = ["service", "config", "secret", "network"] as const;

/** Removes what carries a drill's label. A network goes once the tasks of its services have gone. */
async function removeThings(via: NodeHandle): Promise<void> {
  for (const kind of KINDS) {
    const list = `docker ${kind} ls --quiet --filter label=${WRITE_LABEL}`;
    const script = `ids=$(${list}); [ -z "$ids" ] || echo $ids | xargs -n 200 docker ${kind} rm >/dev/null`;
    await waitFor(
      `the drill's ${kind}s are removed`,
      async () => {
        const { code, stderr } = await execOn(via, script, { timeout: 120_000 });
        return code === 0 ? { done: true } : { waiting: stderr.trim().slice(0, 200) };
      },
      { deadline: 60, interval: 1 },
    );
  }
}

/** Services that a drill had changed for a moment, and says so on each, are as they were. */
async function undoChanges(via: NodeHandle): Promise<void> {
  const list = `docker service ls --quiet --filter label=${UNDO_LABEL} | xargs -r docker service inspect \\
--format '{{.ID}} {{index .Spec.Labels "${UNDO_LABEL}"}}'`;
  for (const line of (await runOn(via, "listing changed services", list)).split("\n")) {
    const [, id, flags] = /^(\S+) (.+)$/.exec(line) ?? [];
    if (id === undefined || flags === undefined) continue;
    if (!isUndo(flags))
      throw new UserError(
        `service ${id}: its label ${UNDO_LABEL} is ${flags}, need flags of \`docker service update\`; set the service right and remove the label`,
      );
    await changeOn(
      via,
      `changing service ${id} back`,
      `docker service update --detach --quiet ${flags} --label-rm ${UNDO_LABEL} ${id} >/dev/null`,
    );
  }
}

/** Seconds until a service whose tasks are started anew is as it should be, one task after the other. */
const UPDATE = 120;

/** A service whose update was rolled back or stopped says so until the next one, however well its tasks run. */
async function updateAnew(via: NodeHandle): Promise<void> {
  const answer = await askManagers([via], LIST_SERVICES);
  const wrong = answer === undefined ? [] : parseServices(answer.stdout).filter(wentWrong);
  const names = wrong.map(({ name }) => name);
  for (const name of names)
    await changeOn(
      via,
      `starting the tasks of ${name} anew`,
      `docker service update --force --detach --quiet ${quoted(name)} >/dev/null`,
    );
  // One that goes wrong again is for the run that follows to say: it looks at every service.
  if (names.length > 0) await awaitServices(via, names, { done: updated, seconds: UPDATE });
}

/**
 * Takes back what a drill that never came to its end did to a swarm with a quorum: entries that stand for no node, roles,
 * labels, availability, settings, the things that it made, services that it changed, and updates that went wrong. Members that are missing have to
 * be there already. Done twice it changes nothing the second time.
 */
export async function mendAfterDrill(members: readonly MemberInput[]): Promise<void> {
  const seen = await lookAtMembers(members);
  if (seen === undefined) throw new Error("no manager has a quorum");
  const { via, entries, states } = seen;
  const nodes = members.map(({ node }) => node);
  for (const { id, managerStatus } of ghostsOf(entries, states, nodes)) {
    if (managerStatus !== "") await changeOn(via, "demoting a ghost", `docker node demote ${id}`);
    await waitFor(
      `the entry ${id} is removed`,
      async () => {
        const { code, stderr } = await execOn(via, `docker node rm --force ${id}`);
        return code === 0 || /not found/.test(stderr) ? { done: true } : { waiting: stderr.trim() };
      },
      { deadline: 60, interval: 1 },
    );
  }
  for (const [index, { node, spec }] of members.entries()) {
    const id = states[index]?.nodeId;
    const entry = entries.find((one) => one.id === id);
    if (id === undefined || entry === undefined) continue;
    const role = (entry.managerStatus === "" ? "worker" : "manager") satisfies NodeHandle["role"];
    if (role !== node.role) {
      const verb = node.role === "manager" ? "promote" : "demote";
      await changeOn(via, `giving ${node.name} its role`, `docker node ${verb} ${id}`);
    }
    await applyNodeSpec(via, id, spec);
  }
  const { init } = members.find((one) => one.init !== undefined) ?? {};
  if (init !== undefined) await applySettings(via, init.settings, init.addressing);
  await removeThings(via);
  await undoChanges(via);
  await updateAnew(via);
}
