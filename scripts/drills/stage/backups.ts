import type { StageBackups } from "../../../components/drills/stage/backups.ts";
import { UserError } from "../../../components/errors.ts";
import { capture } from "../../../components/process.ts";
import { backUp } from "../../backup/backup.ts";
import { rehearse } from "../../backup/rehearse.ts";
import { restore } from "../../backup/restore.ts";
import { placeArchive } from "../../backup/restore-steps.ts";
import { restoreVolume } from "../../backup/restore-volume.ts";
import { verifyBackup } from "../../backup/verify.ts";
import { WaitError } from "../../lib/wait.ts";
import { damagedCopy } from "../damage.ts";
import { dataPlaneProbe } from "../lab-health.ts";
import { type StageContext, sayBelow } from "./context.ts";

/** Milliseconds by which a manager may learn late that a write is committed. */
const LAG = 2000;

/** The operations that people run, in the drill's own place. */
export function stageBackups({ core, description, record, places }: StageContext): StageBackups {
  const { lab, nodes, step } = core;
  const { backups: place, keys } = places;
  const say = sayBelow(record);
  return {
    async backUp({ hot = false, registry = false, volumes = [], node } = {}) {
      const typed = ["npm run backup", ...(hot ? ["--hot"] : [])].join(" -- ");
      const { name, manifest } = await step(null, typed, () =>
        backUp({
          ...{ lab, nodes, hot, volumes, acceptOutage: false },
          ...{ place, keys, encryption: { kind: "none" } as const },
          ...(node === undefined ? {} : { node }),
          ...(registry ? { registry: description.registryVolume } : {}),
          ...{ journal: places.backupJournal, say },
        }),
      );
      return { name, manifest };
    },
    restore({ name, manifest }, options = {}) {
      const { recreate = [], fence = false, on, workers, overlay = true, aliasAddress } = options;
      record.evidence.cut = { from: manifest.cut.from - LAG, to: manifest.cut.to };
      return step(null, `npm run restore -- ${name}`, () =>
        restore({
          nodes: nodes.map((node) => (node.address === on?.address ? on : node)),
          ...{ lab, name, fence, recreate, clusterId: undefined },
          ...(workers === undefined ? {} : { workersDeadline: workers }),
          ...(aliasAddress === undefined ? {} : { aliasAddress }),
          ...{ place, keys, decryption: {}, journal: places.restoreJournal },
          ...(overlay ? { dataPlane: dataPlaneProbe(description) } : {}),
          say,
        }),
      );
    },
    async restoreVolume({ name }, volume) {
      await step(null, `npm run restore -- ${name} --volume ${volume}`, () =>
        restoreVolume({
          ...{ nodes, name, volume, place, decryption: {} },
          ...{ journal: places.backupJournal, say },
        }),
      );
    },
    placeBackup({ name, manifest }, node) {
      const { file } = manifest.swarm;
      return step(node, `tar -C /var/lib/docker -xpzf ${file}`, async () =>
        placeArchive(node, await place.open(name, file), record.evidence.runId),
      );
    },
    rehearse: ({ name }) =>
      step(null, `npm run backup -- --rehearse ${name}`, async () => {
        const from = Date.now();
        const verified = (await verifyBackup(place, name)).problems.length === 0;
        try {
          const { differences, isolation, seconds } = await rehearse({
            ...{ nodes, place, name, keys, decryption: {}, say },
          });
          return { verified, differences, isolation, seconds };
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          const seconds = (Date.now() - from) / 1000;
          return { verified, refused: error.message, differences: [], seconds };
        }
      }),
    damage: ({ name, manifest }) =>
      step(null, `(one bit of the Raft log in a copy of ${name} is turned)`, () =>
        damagedCopy(place, name, manifest),
      ),
    async leftovers() {
      const { engine } = description;
      const filter = ["--filter", `label=swarm-lab.lab=${lab}`, "--filter", "name=-rehearsal"];
      const lists = await Promise.all([
        capture("docker", ["--host", engine, "ps", "--all", ...filter, "--format", "{{.Names}}"]),
        capture("docker", ["--host", engine, "volume", "ls", "--quiet", ...filter]),
      ]);
      const failed = lists.find(({ code }) => code !== 0);
      if (failed !== undefined)
        throw new WaitError(`listing what is left: ${failed.stderr.trim()}`);
      return lists.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean)).join(", ");
    },
  };
}
