/**
 * Makes one node a member of the lab's swarm: init, join, or nothing when it already is one, then its labels
 * and availability. Run again at any time; a join that fails never becomes a second init.
 */
import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { initCommand } from "../../components/swarm/settings.ts";
import type { MemberInput, NodeSpec } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { type Look, waitFor } from "../lib/wait.ts";
import { invitation, join, unlock } from "./join.ts";
import {
  type Answer,
  askManagers,
  type LocalState,
  localState,
  parseLocalState,
  STATE_THEN,
  someManager,
} from "./managers.ts";
import { applyNodeSpec } from "./node-spec.ts";
import { applySettings } from "./swarm-spec.ts";

/**
 * The first peer that was ever in a swarm, told by the file its engine keeps, so that it is known before the
 * engine is up. Such a peer forbids an init: it would make a second swarm. A peer that cannot be asked counts too.
 */
async function swarmElsewhere(peers: readonly NodeHandle[]): Promise<string | undefined> {
  const answers = await Promise.all(
    peers.map((peer) =>
      execOn(peer, "test -e /var/lib/docker/swarm/docker-state.json || echo none"),
    ),
  );
  const index = answers.findIndex(({ code, stdout }) => code !== 0 || stdout.trim() !== "none");
  if (index < 0) return undefined;
  const said = answers[index]?.stderr.trim();
  return `${peers[index]?.name} ${said ? `cannot be asked (${said})` : "belongs to one"}`;
}

await runStep(async () => {
  const { node, spec, init } = input<MemberInput>("LAB_MEMBER");
  const peers = input<NodeHandle[]>("LAB_PEERS").filter((peer) => peer.name !== node.name);
  let told: "init" | Answer | undefined;
  let fresh: NodeSpec | undefined;
  // Asked while the node's engine is: a node that is no member needs both.
  const asking = init ? undefined : askManagers(peers, invitation(node.role));
  // What the last command said of the node's state, so that the next look need not ask.
  let known = parseLocalState(
    await runOn(node, "waiting for the engine", `wait-engine 60\n${STATE_THEN}`, {
      timeout: 70_000,
    }),
  );
  let early = await asking;

  /** One look at the node, and one push in the right direction. */
  async function look(): Promise<Look<LocalState>> {
    const now = known ?? (await localState(node));
    known = undefined;
    if (now === undefined) return { waiting: "its engine does not answer" };
    if (now.state === "active" && now.error === "") return { done: now };
    if (now.state === "pending" || now.state === "error") {
      return { waiting: `it is ${now.state}: ${now.error || "no error given"}` };
    }
    const elsewhere = init ? await swarmElsewhere(peers) : undefined;
    if (now.state === "inactive" && init && elsewhere === undefined) {
      const command = initCommand(node.address, init.settings, init.addressing);
      known = parseLocalState(await runOn(node, "swarm init", `${command}\n${STATE_THEN}`));
      told = "init";
      fresh = { availability: "active", labels: {} };
      return { waiting: "it was just told to init" };
    }
    const invited = early ?? (await askManagers(peers, invitation(node.role)));
    early = undefined;
    if (invited === undefined) {
      const why = `it is ${now.state} and no manager with a quorum answers`;
      return { waiting: elsewhere === undefined ? why : `${why}; ${elsewhere}` };
    }
    const { availability } = spec;
    if (now.state === "locked") await unlock(node, invited.manager);
    else known = await join(node, invited, { availability, removeGhosts: told === undefined });
    fresh = known && { availability, labels: {} };
    told = invited;
    return { waiting: `it was just told to join through ${invited.manager.name}` };
  }

  const { nodeId, clusterId } = await waitFor<LocalState>(`${node.name} becomes a member`, look, {
    deadline: 120,
    interval: 0.05,
  });
  const joinedThrough = typeof told === "object" ? told.manager : undefined;
  const via = node.role === "manager" ? node : (joinedThrough ?? (await someManager(peers)));
  // One that was just made has no labels yet: only one that was there already must be asked.
  await applyNodeSpec(via, nodeId, spec, fresh);
  if (init && told !== "init") await applySettings(via, init.settings, init.addressing);
  return init ? { node: node.name, nodeId, cluster: clusterId } : { node: node.name, nodeId };
});
