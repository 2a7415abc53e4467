import type { Manifest } from "../../backup/manifest.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, StagedBackup } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { judgeRestore } from "./whole-restore.ts";

export interface OtherAddressFacts {
  readonly manifest: Manifest;
  /** The address of the machine that was lost. */
  readonly old: string;
  readonly naive: {
    /** The new address of the machine for this. */
    readonly address: string;
    readonly forced: number;
    /** What the engine keeps as its advertise address, and what the swarm has as the manager's. */
    readonly kept: string;
    readonly member: string;
    /** Status of each worker after the time in which all come back to the right address. */
    readonly workers: readonly string[];
    readonly joined: string;
    readonly afterwards: { readonly code: number; readonly text: string };
  };
  readonly homes: readonly { readonly name: string; readonly address: string }[];
  /** Addresses that each worker keeps of managers, and of a worker after its restart. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly restarted: { readonly node: string; readonly ready: boolean };
  readonly aliasLeft: boolean;
}

/** Seconds in which workers come back when the address is right: twice what was ever measured on this engine. */
const COME_BACK = 45;
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
async function naiveWay(stage: Stage, backup: StagedBackup, on: NodeHandle, other: NodeHandle) {
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
      return code !== 0 ? { done: { code, text } } : { waiting: "it still writes" };
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

async function addressesKnown(stage: Stage): Promise<Record<string, string[]>> {
  const read = `sed -n 's/.*/&/p' /var/lib/docker/swarm/state.json`;
  const all: Record<string, string[]> = {};
  for (const node of stage.workers) {
    const text = await stage.on(node, read);
    all[node.name] = [...text.matchAll(/"addr":"([^":]+)/gi)].map(([, found = ""]) => found).sort();
  }
  return all;
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, then a backup, then more writes");
  await stage.startTraffic();
  stage.fact("secretsBefore", await stage.secretHashes());
  const backup = await stage.backUp();
  stage.fact("manifest", backup.manifest);
  await stage.moreWrites(60, 60);
  stage.fact("containersBefore", await stage.containers());
  await loseManagers(stage);
  const old = backup.manifest.node;
  const [on, other] = stage.managers.filter(({ address }) => address !== old.address);
  if (on === undefined || other === undefined) throw new Error("it needs three managers");
  stage.fact("old", old.address);
  await naiveWay(stage, backup, on, other);
  stage.phase("recover", "the new machine answers at the old address until others have joined");
  const restored = await stage.restore(backup, { aliasAddress: true });
  stage.fact("containersAfter", await stage.containers());
  stage.fact("restored", restored);
  stage.mark("healed");
  stage.phase("verify", "every manager at its own address, known as such to the workers");
  await firstWrite(stage, on);
  stage.fact("after", await stage.fingerprint());
  await stage.moreWrites(60, 90);
  await startTasksAnew(stage);
  stage.fact("secretsAfter", await stage.secretHashes());
  await stage.endTraffic();
  const leader = await stage.leader();
  const format = "{{.Description.Hostname}} {{.ManagerStatus.Addr}}";
  const homes = await stage.on(
    leader,
    `docker node inspect --format '${format}' $(docker node ls --filter role=manager -q)`,
  );
  stage.fact(
    "homes",
    homes.split("\n").map((line) => {
      const [name = "", address = ""] = line.split(" ");
      return { name, address: address.replace(/:\d+$/, "") };
    }),
  );
  const [worker] = stage.workers;
  if (worker !== undefined) {
    await stage.stop(worker);
    await stage.start(worker);
    await stage.whole(90);
    stage.fact("restarted", { node: worker.name, ready: true });
  }
  stage.fact("known", await addressesKnown(stage));
  const links = await stage.on(on, "ip -o -4 address show");
  stage.fact("aliasLeft", links.includes(` ${old.address}/`));
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as OtherAddressFacts;
  const { old, naive, homes, known, restarted, aliasLeft, manifest } = seen;
  const planned = [...manifest.managers].map(({ name, address }) => `${name} ${address}`).sort();
  const now = homes.map(({ name, address }) => `${name} ${address}`).sort();
  const real = new Set(manifest.managers.map(({ address }) => address));
  const workersBack = naive.workers.filter((one) => one.endsWith(" Ready"));
  return [
    checkEqual("the naive way: forcing with the new address says nothing", 0, naive.forced),
    checkEqual("the engine keeps the new address", naive.address, naive.kept.replace(/:\d+$/, "")),
    checkEqual("but the swarm has the old one", old, naive.member.replace(/:\d+$/, "")),
    checkThat(
      "no worker comes back",
      `0 of ${naive.workers.length} in ${COME_BACK} s`,
      naive.workers.join(", "),
      naive.workers.length > 0 && workersBack.length === 0,
    ),
    checkThat(
      "a manager that joins it takes the quorum with it",
      "no leader",
      `code ${naive.afterwards.code}: ${naive.afterwards.text} (joining said: ${naive.joined})`,
      naive.afterwards.code !== 0 && /does not have a leader|deadline/.test(naive.afterwards.text),
    ),
    ...judgeRestore(evidence, { newNode: true }),
    checkEqual("every manager is at its own address", planned, now),
    checkThat(
      "workers know managers by these addresses only",
      [...real].sort().join(", "),
      Object.entries(known)
        .map(([name, list]) => `${name}: ${list.join(", ")}`)
        .join("; "),
      Object.values(known).length > 0 &&
        Object.values(known).every(
          (list) => list.length > 0 && list.every((address) => real.has(address)),
        ),
    ),
    checkEqual("a worker that is restarted comes back", true, restarted.ready),
    checkEqual("the old address is answered at no more", false, aliasLeft),
  ];
}

/** A5: a restore on a machine with another address. */
export const restoreOtherAddress: Drill = {
  name: "restore-other-address",
  question: "The manager's machine is gone, and so is its address. Can another one take over?",
  minutes: 6,
  minimumWrites: 20,
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 1),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge,
};
