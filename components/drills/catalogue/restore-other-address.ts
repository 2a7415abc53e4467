import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { naiveWay } from "./naive-address.ts";
import { judgeOtherAddress } from "./restore-other-address-judge.ts";

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
  await stage.moreWrites(60, 60); // those of the last seconds before the cut count on neither side
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

/** A5: a restore on a machine with another address. */
export const restoreOtherAddress: Drill = {
  name: "restore-other-address",
  question: "The manager's machine is gone, and so is its address. Can another one take over?",
  minutes: 6,
  rewinds: true,
  minimumWrites: 20,
  claims: [
    {
      says: "`--advertise-addr` moves a restored swarm to another address",
      shows:
        "the old address stays in the log: workers find nobody, and the first manager that joins takes the quorum away",
      holds: "no",
    },
  ],
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 1),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge: judgeOtherAddress,
};
