/**
 * Makes one node a member of the lab's swarm: init, join, or nothing when it already is one, then its labels
 * and availability. Run again at any time; a join that fails never becomes a second init.
 */

import { UserError } from "../../components/errors.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import { initCommand } from "../../components/swarm/settings.ts";
import type { MemberInput, NodeSpec } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { waitFor } from "../lib/wait.ts";
import { changeOn, type LocalState, liveManager, localState, someManager } from "./managers.ts";
import { applyNodeSpec } from "./node-spec.ts";
import { applySettings } from "./swarm-spec.ts";

const JOIN = `curl -sS --max-time 30 --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' \
-d @- -w '\\n%{http_code}' http://engine/swarm/join`;

/**
 * Asks the engine to join. The token travels on standard input into the request's body, so that no argument
 * list ever shows it (`docker swarm join --token` would). "Timeout was reached" is not a failure: the engine
 * goes on trying in the background, and the caller's wait sees the end of it.
 */
async function join(
  node: NodeHandle,
  via: NodeHandle,
  spec: NodeSpec,
  firstTime: boolean,
): Promise<void> {
  const ask = `docker swarm join-token -q ${node.role}; docker node ls --format '{{json .}}'`;
  const [token = "", ...listed] = (await runOn(via, "reading the join token", ask)).split("\n");
  if (firstTime) await removeGhosts(node, via, parseNodes(listed.join("\n")));
  const request = {
    ListenAddr: "0.0.0.0:2377",
    AdvertiseAddr: node.address,
    RemoteAddrs: [`${via.address}:2377`],
    JoinToken: token,
    Availability: spec.availability,
  };
  const answer = await runOn(node, "joining", JOIN, { stdin: JSON.stringify(request) });
  const [code = "", ...body] = answer.trim().split("\n").reverse();
  const said = body.reverse().join(" ");
  if (code === "200" || /Timeout was reached|already part of a swarm/.test(said)) return;
  throw new UserError(`${node.name}: joining through ${via.name} was refused: ${said || code}`);
}

/**
 * Removes what an earlier life of this node left in the list: its disk is gone, and so is that identity for ever. Must
 * go first: joining as one manager more, with a dead one still counted, raises the quorum (moby#34722).
 */
async function removeGhosts(
  node: NodeHandle,
  via: NodeHandle,
  entries: readonly NodeEntry[],
): Promise<void> {
  for (const { id, hostname, managerStatus } of entries) {
    if (hostname !== node.name) continue;
    if (managerStatus !== "") await changeOn(via, "demoting a ghost", `docker node demote ${id}`);
    await waitFor(
      `the former ${node.name} is removed`,
      async () => {
        const removed = await execOn(via, `docker node rm --force ${id}`);
        return removed.code === 0 ? { done: true } : { waiting: removed.stderr.trim() };
      },
      { deadline: 60, interval: 1 },
    );
  }
}

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

async function unlock(node: NodeHandle, via: NodeHandle): Promise<void> {
  const key = await runOn(via, "reading the unlock key", "docker swarm unlock-key -q");
  await runOn(node, "unlocking", "timeout 60 docker swarm unlock", { stdin: key });
}

await runStep(async () => {
  const { node, spec, init } = input<MemberInput>("LAB_MEMBER");
  const peers = input<NodeHandle[]>("LAB_PEERS").filter((peer) => peer.name !== node.name);
  await runOn(node, "waiting for the engine", "wait-engine 60", { timeout: 70_000 });

  let told = false;
  const state = await waitFor<LocalState>(
    `${node.name} becomes a member`,
    async () => {
      const now = await localState(node);
      if (now === undefined) return { waiting: "its engine does not answer" };
      if (now.state === "active" && now.error === "") return { done: now };
      if (now.state === "pending" || now.state === "error") {
        return { waiting: `it is ${now.state}: ${now.error || "no error given"}` };
      }
      const elsewhere = init ? await swarmElsewhere(peers) : undefined;
      if (now.state === "inactive" && init && elsewhere === undefined) {
        const command = initCommand(node.address, init.settings, init.addressing);
        await runOn(node, "swarm init", command);
        return { waiting: "it was just told to init" };
      }
      const via = await liveManager(peers);
      if (via === undefined) {
        return {
          waiting: `it is ${now.state} and no manager with a quorum answers; ${elsewhere ?? ""}`,
        };
      }
      if (now.state === "locked") await unlock(node, via);
      else await join(node, via, spec, !told);
      told = true;
      return { waiting: `it was just told to join through ${via.name}` };
    },
    { deadline: 120, interval: 0.1 },
  );
  const via = node.role === "manager" ? node : await someManager(peers);
  const cluster = await applyNodeSpec(via, state.nodeId, spec);
  if (init) await applySettings(via, init.settings, init.addressing);
  return { node: node.name, nodeId: state.nodeId, cluster };
});
