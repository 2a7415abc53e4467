import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage, StagedBackup } from "../stage.ts";

/** Seconds in which workers come back when the address is right: twice what was ever measured on this engine. */
export const COME_BACK = 45;

/** What a manager answers that has lost its quorum. */
export const NO_LEADER = /does not have a leader|deadline/;

const JOIN = `curl -sS --max-time 40 --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' \
-d @- http://engine/swarm/join`;

/** An address of a node's network that no node has. */
function freeAddress(stage: Stage, { address }: NodeHandle): string {
  const taken = new Set(stage.nodes.map((node) => node.address));
  const net = address.replace(/\d+$/, "");
  for (let last = 250; last > 2; last--) if (!taken.has(`${net}${last}`)) return `${net}${last}`;
  throw new Error(`no free address beside ${address}`);
}

/**
 * What everybody tries first: the same with another address. The machine is moved to one that the workers do not know, until
 * its next start.
 */
export async function naiveWay(
  stage: Stage,
  backup: StagedBackup,
  on: NodeHandle,
  other: NodeHandle,
) {
  stage.phase("prove", "the naive way: --force-new-cluster --advertise-addr with the new address");
  await stage.placeBackup(backup, on);
  await stage.start(on);
  await stage.until<true>(`${on.name}: its engine answers`, 90, async () => {
    const { code } = await stage.try(on, "docker version >/dev/null");
    return code === 0 ? { done: true } : { waiting: "no answer" };
  });
  const address = freeAddress(stage, on);
  await stage.on(
    on,
    `set -- $(ip -o -4 address show | grep -F ' ${on.address}/')
ip address del "$4" dev "$2"; ip address add "${address}/\${4#*/}" dev "$2"`,
  );
  const force = `docker swarm init --force-new-cluster --advertise-addr ${address} >/dev/null`;
  const { code: forced } = await stage.try(on, force, { seconds: 60 });
  const kept = await stage.on(
    on,
    `sed -n 's/.*"AdvertiseAddr":"\\([^"]*\\)".*/\\1/p' /var/lib/docker/swarm/docker-state.json`,
  );
  const member = await stage.until<string>("it leads", 60, async () => {
    const asked = await stage.try(
      on,
      "docker node inspect self --format '{{.ManagerStatus.Addr}}'",
    );
    return asked.code === 0 ? { done: asked.stdout.trim() } : { waiting: asked.stderr.trim() };
  });
  const list = "docker node ls --filter role=worker --format '{{.Hostname}} {{.Status}}'";
  const end = Date.now() + COME_BACK * 1000;
  const workers = await stage.until<string[]>(
    "the workers had their time",
    COME_BACK + 15,
    async () => {
      const { stdout } = await stage.try(on, list);
      const seen = stdout.split("\n").filter(Boolean);
      const done =
        Date.now() >= end || (seen.length > 0 && seen.every((one) => / Ready$/.test(one)));
      return done ? { done: seen } : { waiting: seen.join(", ") };
    },
  );
  await stage.start(other);
  await stage.until<true>(`${other.name}: its engine answers`, 60, async () => {
    const { code } = await stage.try(other, "docker version >/dev/null");
    return code === 0 ? { done: true } : { waiting: "no answer" };
  });
  const token = await stage.on(on, "docker swarm join-token -q manager");
  const request = {
    ...{ ListenAddr: "0.0.0.0:2377", AdvertiseAddr: other.address },
    ...{ RemoteAddrs: [`${address}:2377`], JoinToken: token },
  };
  const joined = await stage.try(other, JOIN, { seconds: 45, stdin: JSON.stringify(request) });
  const asked = await stage
    .until("the quorum is lost, or a write is done", 60, async () => {
      const { code, stderr } = await stage.try(on, "docker node update --label-add drill=a self");
      const text = stderr.trim().slice(0, 300);
      // On its way down it also says that it does not know itself ("node self not found").
      return code !== 0 && NO_LEADER.test(text)
        ? { done: { code, text } }
        : { waiting: text || "it still writes" };
    })
    .catch((error: Error) => ({ code: 0, text: error.message }));
  stage.fact("naive", {
    ...{ address, forced, kept, member, workers },
    joined: `${joined.stdout} ${joined.stderr}`.trim().replaceAll(token, "(token)").slice(0, 300),
    afterwards: asked,
  });
  await Promise.all([stage.kill(on), stage.kill(other)]);
  await Promise.all([stage.wipe(on), stage.wipe(other)]);
}
