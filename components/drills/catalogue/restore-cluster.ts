import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { Manifest } from "../../backup/manifest.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, StagedRestore, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";

export interface RestoreFacts {
  readonly manifest: Manifest;
  readonly containersBefore: readonly TaskContainer[];
  /** After the restore, before any task was started anew. */
  readonly containersAfter: readonly TaskContainer[];
  readonly gone: readonly string[];
  readonly restored: StagedRestore;
  readonly after: SwarmFingerprint;
  readonly secretsBefore: Readonly<Record<string, string>>;
  readonly secretsAfter: Readonly<Record<string, string>>;
  /** Raft index of the first object written after the restore. */
  readonly firstIndex: number;
}

/** Takes the state from every manager at once: no power, and an empty disk. */
export async function loseManagers(stage: Stage): Promise<void> {
  stage.phase("break", "every manager loses its power and its swarm directory");
  await Promise.all(stage.managers.map((node) => stage.kill(node)));
  stage.mark("fault"); // until the last one was off, writes could be acknowledged
  await Promise.all(stage.managers.map((node) => stage.wipe(node)));
  stage.phase("prove", "no manager knows the swarm any more");
  await Promise.all(stage.managers.map((node) => stage.start(node)));
  const gone: string[] = [];
  for (const node of stage.managers) {
    gone.push(
      await stage.until<string>(`${node.name} is in no swarm`, 60, async () => {
        const { code, stdout } = await stage.try(
          node,
          "docker info --format '{{.Swarm.LocalNodeState}}'",
        );
        return code === 0 && stdout.trim() !== ""
          ? { done: `${node.name} ${stdout.trim()}` }
          : { waiting: "its engine does not answer" };
      }),
    );
  }
  stage.fact("gone", gone);
  await Promise.all(stage.managers.map((node) => stage.stop(node)));
}

/** Writes one object and keeps its index, which has to be higher than all that the backup held. */
export async function firstWrite(stage: Stage, node = stage.managers[0]): Promise<void> {
  if (node === undefined) throw new Error("a lab without a manager");
  const name = `drill-${stage.runId}-index`;
  const index = await stage.on(
    node,
    `id=$(echo ${name} | docker config create --label swarm-lab.drill=${stage.runId} ${name} -)
docker config inspect --format '{{.Version.Index}}' "$id"; docker config rm "$id" >/dev/null`,
  );
  stage.fact("firstIndex", Number(index.split("\n")[0]));
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
  stage.phase("recover", "the backup goes back to the address it came from");
  const restored = await stage.restore(backup);
  stage.fact("containersAfter", await stage.containers());
  stage.fact("restored", restored);
  stage.mark("healed");
  stage.phase("verify", "identity, objects, tasks, secrets, writes");
  await firstWrite(stage);
  stage.fact("after", await stage.fingerprint());
  await stage.moreWrites(60, 90);
  await recreateTasks(stage);
  stage.fact("secretsAfter", await stage.secretHashes());
}

/** Starts the application's tasks anew, so that they read their secrets from the restored swarm. */
export async function recreateTasks(stage: Stage): Promise<void> {
  const leader = await stage.leader();
  for (const service of await appServices(stage))
    await stage.on(
      leader,
      `docker service update --force --detach=false --quiet ${service} >/dev/null`,
      { seconds: 150 },
    );
}

/** Services whose tasks were asked for their secret, by the containers that answered. */
async function appServices(stage: Stage): Promise<string[]> {
  const hashes = await stage.secretHashes();
  const tasks = (await stage.containers()).filter(({ id }) => id in hashes);
  return [...new Set(tasks.map(({ service }) => service))];
}

const identities = (tasks: readonly TaskContainer[]) =>
  tasks.map(({ node, service, id, startedAt }) => `${node} ${service} ${id} ${startedAt}`).sort();

/** The checks that every whole restore has to pass. */
export function judgeRestore({ facts }: Evidence): Check[] {
  const seen = facts as unknown as RestoreFacts;
  const { fingerprint, node } = seen.manifest;
  const { after, restored } = seen;
  const id = after.nodes.find(({ hostname }) => hostname === node.name)?.id;
  const [before, now] = [identities(seen.containersBefore), identities(seen.containersAfter)];
  const kept = before.filter((one) => now.includes(one)).length;
  const secrets = (hashes: RestoreFacts["secretsBefore"]) =>
    [...new Set(Object.values(hashes))].sort();
  const anew = Object.keys(seen.secretsAfter).filter((one) => !(one in seen.secretsBefore));
  return [
    checkThat(
      "every manager had lost the swarm",
      "inactive",
      seen.gone.join(", "),
      seen.gone.length === seen.manifest.managers.length &&
        seen.gone.every((one) => one.endsWith(" inactive")),
    ),
    checkEqual("the cluster is the same", fingerprint.clusterId, after.clusterId),
    checkEqual("the restored manager has its node id", node.id, id),
    checkEqual("the root CA is the same", fingerprint.caFingerprint, after.caFingerprint),
    checkEqual("the join tokens are the same", fingerprint.tokens, after.tokens),
    checkThat(
      "nothing differs from the manifest",
      "no difference",
      restored.differences
        .map(({ what, expected, seen: now }) => `${what}: ${expected} -> ${now}`)
        .join("; ") || "no difference",
      restored.differences.length === 0,
    ),
    checkEqual("workers are Ready under their old ids", [], restored.missingWorkers),
    checkThat(
      "tasks on workers were not restarted",
      `${before.length} containers kept`,
      `${kept} kept`,
      before.length > 0 && kept === before.length,
    ),
    checkThat(
      "tasks that are started anew read the same secrets",
      secrets(seen.secretsBefore).join(" ").slice(0, 40),
      secrets(seen.secretsAfter).join(" ").slice(0, 40),
      anew.length > 0 &&
        anew.length === Object.keys(seen.secretsAfter).length &&
        JSON.stringify(secrets(seen.secretsBefore)) === JSON.stringify(secrets(seen.secretsAfter)),
    ),
    checkThat(
      "the first new write is later than all in the backup",
      `more than ${seen.manifest.raftIndex}`,
      `${seen.firstIndex}`,
      seen.firstIndex > seen.manifest.raftIndex,
    ),
    checkEqual("autolock is as it was", fingerprint.settings.autolock, after.settings.autolock),
    checkThat(
      "requests cross the overlay between all nodes",
      "a request from every node",
      restored.dataPlane ?? "not asked",
      restored.dataPlane !== undefined,
    ),
  ];
}

/** A3: total loss of the managers, restored where they were. */
export const restoreCluster: Drill = {
  name: "restore-cluster",
  question:
    "All my managers are gone. Do I get my swarm back from one backup, and is anything lost?",
  minutes: 3,
  minimumWrites: 20,
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 1),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge: judgeRestore,
};
