import type { Manifest } from "../../backup/manifest.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { appImage, removeVolume } from "./app-tasks.ts";
import { seeVolume, type VolumeSeen } from "./task-volume.ts";

const VOLUME = "drill-data";
const SERVICE = "drill-data";
const LABEL = "swarm-lab.drill-data";

interface Facts {
  readonly manifest: Manifest;
  readonly planted: VolumeSeen;
  readonly elsewhere: VolumeSeen;
  readonly empty: VolumeSeen;
  readonly restored: VolumeSeen;
}

const look = (stage: Stage, node: NodeHandle) => seeVolume(stage, SERVICE, node, 90);

/** The service goes where the label is. */
async function moveLabel(stage: Stage, from: NodeHandle, to: NodeHandle): Promise<void> {
  const leader = await stage.leader();
  await stage.on(leader, `docker node update --label-rm ${LABEL} ${from.name} >/dev/null`);
  await stage.on(leader, `docker node update --label-add ${LABEL}=true ${to.name} >/dev/null`);
}

async function scale(stage: Stage, replicas: number): Promise<void> {
  await stage.on(
    await stage.leader(),
    `docker service scale --detach ${SERVICE}=${replicas} >/dev/null`,
  );
  await stage.tasksRun(SERVICE, replicas);
}

async function plant(stage: Stage, home: NodeHandle): Promise<void> {
  const leader = await stage.leader();
  const image = await appImage(stage);
  await stage.on(leader, `docker node update --label-add ${LABEL}=true ${home.name} >/dev/null`);
  await stage.on(
    leader,
    `docker service create --quiet --detach --no-resolve-image --name ${SERVICE} \\
--label swarm-lab.drill=${stage.runId} --constraint node.labels.${LABEL}==true --user 0 --stop-grace-period 3s \\
--mount type=volume,source=${VOLUME},target=/data --health-cmd 'test -d /data' --health-interval 1s \\
${image} >/dev/null`,
  );
  await stage.tasksRun(SERVICE, 1);
  await stage.on(
    home,
    `id=$(docker ps -q --filter label=com.docker.swarm.service.name=${SERVICE})
docker exec "$id" sh -c 'mkdir -p /data/rows; for i in 1 2 3; do head -c 300000 /dev/urandom > /data/rows/$i; done
chown 65532:65532 /data/rows; chmod 0750 /data/rows; sync'`,
  );
}

async function run(stage: Stage): Promise<void> {
  const [other, home] = stage.workers;
  if (home === undefined || other === undefined) throw new Error("a lab without two workers");
  try {
    stage.phase("plant", `a service with its data on a volume of ${home.name}`);
    await plant(stage, home);
    stage.fact("planted", await look(stage, home));
    const backup = await stage.backUp({ volumes: [VOLUME] });
    stage.fact("manifest", backup.manifest);
    stage.phase("break", "the volume is destroyed, and the service started elsewhere");
    await look(stage, home);
    await scale(stage, 0);
    stage.mark("fault");
    await removeVolume(stage, home, VOLUME);
    await moveLabel(stage, home, other);
    await scale(stage, 1);
    stage.phase("prove", "it is healthy, and empty");
    stage.fact("elsewhere", await look(stage, other));
    await scale(stage, 0);
    await removeVolume(stage, other, VOLUME);
    await moveLabel(stage, other, home);
    await scale(stage, 1);
    stage.fact("empty", await look(stage, home));
    stage.phase("recover", "the content comes back from the backup");
    await stage.restoreVolume(backup, VOLUME);
    stage.phase("verify", "by content, not by health");
    stage.fact("restored", await look(stage, home));
    stage.mark("healed");
  } finally {
    stage.phase("restore-lab", "the service, its volume and its label go");
    const leader = await stage.leader();
    await stage.try(leader, `docker service rm ${SERVICE}`);
    for (const node of [home, other]) {
      await removeVolume(stage, node, VOLUME);
      await stage.try(leader, `docker node update --label-rm ${LABEL} ${node.name}`);
    }
  }
}

function judge({ facts }: Evidence): Check[] {
  const { manifest, planted, elsewhere, empty, restored } = facts as unknown as Facts;
  const part = manifest.parts.find(({ name }) => name === VOLUME);
  const words = ({ health, files, node }: VolumeSeen) => `${health} with ${files} files on ${node}`;
  const bare = ({ health, files, sha256 }: VolumeSeen) =>
    health === "healthy" && files === 0 && sha256 !== planted.sha256;
  return [
    checkThat(
      "there was something to lose",
      "1 file or more",
      words(planted),
      planted.files > 0 && /^[0-9a-f]{64}$/.test(planted.sha256),
    ),
    checkThat(
      "the backup names the volume and its node",
      `${VOLUME} of ${planted.node}`,
      part === undefined ? "no such part" : `${part.name} of ${part.node}`,
      part?.node === planted.node,
    ),
    checkThat(
      "started on another node it is healthy, and empty",
      "healthy with 0 files, elsewhere",
      words(elsewhere),
      bare(elsewhere) && elsewhere.node !== planted.node,
    ),
    checkThat(
      "started at home after the loss it is healthy, and empty",
      `healthy with 0 files on ${planted.node}`,
      words(empty),
      bare(empty) && empty.node === planted.node,
    ),
    checkEqual("the content is what it was", planted.sha256, restored.sha256),
    checkThat(
      "the task runs where the data is",
      `healthy on ${part?.node ?? "no node"}`,
      words(restored),
      restored.node === part?.node && restored.health === "healthy",
    ),
  ];
}

/** A12: what the swarm's backup does not hold. */
export const restoreVolume: Drill = {
  name: "restore-volume",
  question: "A service's volume is gone and the service is green. Is my data back?",
  minutes: 1,
  minimumWrites: 0,
  limits: [
    "The service is stopped while its volume is archived: nothing is said of a copy taken while it writes.",
  ],
  claims: [
    {
      says: "A swarm backup holds the volumes",
      shows: "it does not: they are archives of their own, on the node that has them",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
