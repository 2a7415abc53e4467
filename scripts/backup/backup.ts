import { FORMAT, type Manifest } from "../../components/backup/manifest.ts";
import { chooseSource, type ManagerEntry } from "../../components/backup/source.ts";
import { UserError } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { archiveSwarm } from "./archive-swarm.ts";
import { archiveVolume } from "./archive-volume.ts";
import { type BackupRequest, fileName } from "./backup-request.ts";
import { putBack } from "./journal.ts";
import { mustReadSwarm } from "./read-swarm.ts";
import { findVolume } from "./volumes.ts";

export interface BackupResult {
  /** Path or URL of the backup. */
  readonly where: string;
  readonly name: string;
  readonly manifest: Manifest;
}

const stamp = (time: Date) =>
  time
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");

function handleOf(nodes: readonly NodeHandle[], manager: ManagerEntry): NodeHandle {
  const node = nodes.find(({ name }) => name === manager.name);
  if (node === undefined)
    throw new UserError(`backup: manager ${manager.name} is not a node of this lab`);
  return node;
}

/**
 * Makes a backup: the swarm first, then what runs on it. The swarm is read and a manager chosen before anything is
 * touched; whatever fails afterwards, engines and services come back and nothing but a complete backup gets its name.
 */
export async function backUp(request: BackupRequest): Promise<BackupResult> {
  const { nodes, place, keys, encryption, say, journal, lab, hot } = request;
  const managers = nodes.filter(({ role }) => role === "manager");
  await putBack(journal, nodes, async () => "", say);
  const swarm = await mustReadSwarm(managers, "backup");
  const choice = chooseSource(swarm, request);
  if ("problem" in choice) throw new UserError(choice.problem);
  const { manager } = choice;
  const node = handleOf(nodes, manager);
  const { fingerprint, unlockKey } = swarm;
  if (hot)
    say(
      "backup: hot: the log is copied while it is written to; such a copy may not start again, and only a rehearsal tells",
    );
  if (encryption.kind === "none" && unlockKey === "")
    say(
      "backup: without autolock and without encryption the archive opens itself: it holds the key to all secrets; keep it as one",
    );
  for (const volume of request.volumes) await findVolume(volume, nodes, swarm.via);
  const time = new Date();
  const name = `${stamp(time)}-${node.name}`;
  const draft = await place.begin(name);
  try {
    const kept = unlockKey === "" ? null : await keys.keep(unlockKey, fingerprint.clusterId);
    const { written, cut } = await archiveSwarm(request, node, draft, unlockKey);
    const parts = [];
    const wanted = [...(request.registry ? [request.registry] : []), ...request.volumes];
    for (const volume of wanted) parts.push(await archiveVolume(request, volume, swarm.via, draft));
    const manifest: Manifest = {
      ...{ format: FORMAT, lab, clusterId: fingerprint.clusterId, time: time.toISOString() },
      node: { id: manager.id, name: manager.name, address: manager.address },
      engineVersion: manager.engineVersion,
      managers: swarm.managers.map(({ id, name: hostname, address }) => ({
        id,
        name: hostname,
        address,
      })),
      caFingerprint: fingerprint.caFingerprint,
      autolock: fingerprint.settings.autolock,
      unlockKey: kept,
      mode: hot ? "hot" : "cold",
      raftIndex: fingerprint.raftIndex,
      cut,
      fingerprint,
      swarm: { file: fileName("swarm", encryption), encryption: encryption.kind, ...written },
      parts,
    };
    await draft.writeManifest(manifest);
    return { where: await draft.commit(), name, manifest };
  } catch (error) {
    await draft.discard();
    throw error;
  }
}
