import type { RunningPart } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type Report, timed } from "../cli/report.ts";
import { type Decryption, decrypt } from "./crypt.ts";
import { note, putBack } from "./journal.ts";
import type { BackupPlace } from "./place.ts";
import { mustReadSwarm } from "./read-swarm.ts";
import { listProblems } from "./restore-checks.ts";
import { verifyBackup } from "./verify.ts";
import { lookForVolume, scale, writeVolume } from "./volumes.ts";

export interface VolumeRestoreRequest {
  readonly nodes: readonly NodeHandle[];
  readonly place: BackupPlace;
  /** The backup's name in its place. */
  readonly name: string;
  readonly volume: string;
  readonly decryption: Decryption;
  /** File that remembers the services at zero meanwhile; the backup's own, so that either puts back what the other left. */
  readonly journal: string;
  readonly say: Report;
}

export interface VolumeRestoreResult {
  readonly node: string;
  /** Replicas of the services that were at zero meanwhile. */
  readonly services: Readonly<Record<string, number>>;
}

/** The part of a backup that holds a volume, or a UserError that says which volumes the backup has. */
export function volumePart(
  parts: readonly RunningPart[],
  volume: string,
  backup: string,
): RunningPart {
  const part = parts.find(({ name }) => name === volume);
  if (part !== undefined) return part;
  const there = parts.map(({ name }) => name).join(", ") || "no volume at all";
  const fix = `use a backup that was made with it (npm run backup -- --volume ${volume})`;
  throw new UserError(`${backup}: got ${there}, need volume ${volume}; ${fix}`);
}

/**
 * Brings the content of one named volume back, on the node that it was backed up from: the services that mount it go to
 * zero, its content is replaced, the services come back. Checks first, and changes nothing unless the backup is whole and
 * the swarm lives. Whatever fails, the services come back; called again, it finishes.
 */
export async function restoreVolume(request: VolumeRestoreRequest): Promise<VolumeRestoreResult> {
  const { nodes, place, name, volume, decryption, journal, say } = request;
  const { manifest, problems } = await verifyBackup(place, name, { decryption });
  if (problems.length > 0)
    throw new UserError(`restore: nothing was changed:\n${listProblems(problems)}`);
  const part = volumePart(manifest.parts, volume, name);
  const node = nodes.find((one) => one.name === part.node);
  if (node === undefined)
    throw new UserError(
      `${name}: got volume ${volume} of node ${part.node}, need a node of this lab: a local volume is where its tasks are pinned`,
    );
  const managers = nodes.filter(({ role }) => role === "manager");
  await putBack(journal, nodes, async () => "", say);
  const { via } = await mustReadSwarm(managers, "restore");
  const { holders, services } = await lookForVolume(volume, nodes, via);
  const elsewhere = holders.filter((one) => one.name !== node.name).map((one) => one.name);
  if (elsewhere.length > 0)
    say(
      `restore: volume ${volume} is on ${elsewhere.join(", ")} as well; that one is another volume and stays as it is`,
    );
  const zero = Object.fromEntries(Object.keys(services).map((service) => [service, 0]));
  await timed(
    `${node.name}: replacing the content of volume ${volume}`,
    async () => {
      await note(journal, { services });
      try {
        await scale(via, zero);
        const archive = await place.open(name, part.file);
        await writeVolume({ volume, node }, decrypt(archive, decryption, part.encryption));
      } finally {
        await scale(via, services);
        await note(journal, {});
      }
    },
    say,
  );
  return { node: node.name, services };
}
