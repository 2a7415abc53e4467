import { UserError } from "../../components/errors.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import { waitFor } from "../lib/wait.ts";
import { type Answer, changeOn, type LocalState, parseLocalState, STATE_THEN } from "./managers.ts";

/** What somebody who joins wants of a manager: the join token of the role, then the nodes that there are. */
export const invitation = (role: NodeHandle["role"]) =>
  `docker swarm join-token -q ${role}; docker node ls --format '{{json .}}'`;

/** Tenths of a second until the networks of a swarm that a node has left are gone from it; seen: 2 s at most. */
const LEFT = 300;

/**
 * Shell that waits until a node is done with leaving: it drops the networks of its swarm a second or two after it said
 * that it left. Those it still has when it joins the same swarm again it takes for the new ones, with an address in each
 * that the managers have given back and may give to a task; or they go while a task is starting in them.
 */
export const AFTER_LEAVING = `networks() { curl -sSf --max-time 8 --unix-socket /var/run/docker.sock -G \
--data-urlencode 'filters={"scope":["swarm"]}' http://engine/networks; }
if [ ! -e /var/lib/docker/swarm/docker-state.json ]; then
  i=0
  until left=$(networks) && [ "$left" = "[]" ]; do
    i=$((i + 1))
    [ $i -lt ${LEFT} ] || { echo "networks of the swarm that it left are still there; restart its engine" >&2; exit 1; }
    sleep 0.1
  done
fi`;

/** Prints the engine's answer, its status code, and then, since the call lasts until the node is a member, the state. */
const REQUEST = `${AFTER_LEAVING}
curl -sS --max-time 30 --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' \
-d @- -w '\n%{http_code}\n' http://engine/swarm/join
${STATE_THEN}`;

export interface JoinOptions {
  readonly availability: string;
  /** Whether entries of this node in the list can only be those of a former life. */
  readonly removeGhosts: boolean;
}

/**
 * Asks a node's engine to join through a manager that answered with an invitation. Returns what the engine, a new node of
 * the swarm now, says of itself; undefined when it was a member already, or is too busy to say. The token travels on standard input into the request's body, so that no argument list ever shows it
 * (`docker swarm join --token` would). "Timeout was reached" is not a failure: the engine goes on trying in the
 * background, and the caller's wait sees the end of it.
 */
export async function join(
  node: NodeHandle,
  { manager: via, stdout: invited }: Answer,
  { availability, removeGhosts }: JoinOptions,
): Promise<LocalState | undefined> {
  const [token = "", ...listed] = invited.split("\n");
  if (removeGhosts) await removeFormer(node, via, parseNodes(listed.join("\n")));
  const request = {
    ListenAddr: "0.0.0.0:2377",
    AdvertiseAddr: node.address,
    RemoteAddrs: [`${via.address}:2377`],
    JoinToken: token,
    Availability: availability,
  };
  const said = await runOn(node, "joining", REQUEST, { stdin: JSON.stringify(request) });
  const [state = "", code = "", ...body] = said.trimEnd().split("\n").reverse();
  const answer = body.reverse().join(" ");
  if (/already part of a swarm/.test(answer)) return undefined;
  if (code === "200" || /Timeout was reached/.test(answer)) return parseLocalState(state);
  throw new UserError(`${node.name}: joining through ${via.name} was refused: ${answer || code}`);
}

/**
 * Removes what an earlier life of a node left in the list: its disk is gone, and so is that identity for ever. Must go
 * first: joining as one manager more, with a dead one still counted, raises the quorum (moby#34722).
 */
async function removeFormer(
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

/** Unlocks a manager with the key that a living one tells. */
export async function unlock(node: NodeHandle, via: NodeHandle): Promise<void> {
  const key = await runOn(via, "reading the unlock key", "docker swarm unlock-key -q");
  await runOn(node, "unlocking", "timeout 60 docker swarm unlock", { stdin: key });
}
