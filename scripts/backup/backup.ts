import { FORMAT, type Manifest } from "../../components/backup/manifest.ts";
import {
  chooseSource,
  type ManagerEntry,
  type SourceOptions,
} from "../../components/backup/source.ts";
import { UserError } from "../../components/errors.ts";
import { type DiskRead, readFrom } from "../../components/nodes/disk.ts";
import { shellOn } from "../../components/nodes/exec.ts";
import { stopEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type Report, timed } from "../cli/report.ts";
import { type Encryption, encrypt } from "./crypt.ts";
import { bringBack } from "./engine.ts";
import { note, putBack } from "./journal.ts";
import type { BackupPlace, Draft } from "./place.ts";
import { mustReadSwarm } from "./read-swarm.ts";
import type { UnlockKeys } from "./unlock-keys.ts";
import { findVolume, readVolume, scale } from "./volumes.ts";

export interface BackupRequest extends SourceOptions {
  readonly lab: string;
  readonly nodes: readonly NodeHandle[];
  readonly place: BackupPlace;
  readonly keys: UnlockKeys;
  readonly encryption: Encryption;
  /** The registry's volume, and further named volumes. */
  readonly registry?: string;
  readonly volumes: readonly string[];
  /** File that remembers what is put aside meanwhile. */
  readonly journal: string;
  readonly say: Report;
}

export interface BackupResult {
  /** Path or URL of the backup. */
  readonly where: string;
  readonly name: string;
  readonly manifest: Manifest;
}

/** The write-ahead log is 64 MB of which next to nothing is written: the fastest compression makes it 1 MB. */
const ARCHIVE = "tar -C /var/lib/docker -I 'gzip -1' -cpf - swarm";

const stamp = (time: Date) =>
  time
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");

/** Takes the archive of a manager's swarm directory into the draft. Cold: its engine is stopped meanwhile, and always comes back. */
async function archiveSwarm(
  request: BackupRequest,
  node: NodeHandle,
  draft: Draft,
  unlockKey: string,
) {
  const { encryption, say, journal, hot } = request;
  const store = async ({ stream, done }: DiskRead) => {
    const [written] = await Promise.all([
      draft.write(fileName("swarm", encryption), encrypt(stream, encryption)),
      done,
    ]);
    return written;
  };
  if (hot) {
    const from = Date.now();
    const written = await timed(
      `${node.name}: archiving its swarm directory while it is written to`,
      async () =>
        store(
          await readFrom(node, "archiving its swarm directory", ARCHIVE, shellOn(node.connection)),
        ),
      say,
    );
    return { written, cut: { from, to: Date.now() } };
  }
  const managers = request.nodes.filter(({ role }) => role === "manager");
  await note(journal, { engine: node.name });
  const from = Date.now();
  try {
    await timed(`${node.name}: stopping its engine`, () => stopEngine(node), say);
    const cut = { from, to: Date.now() };
    const written = await timed(
      `${node.name}: archiving its swarm directory`,
      async () => store(await readFrom(node, "archiving its swarm directory", ARCHIVE)),
      say,
    );
    return { written, cut };
  } finally {
    await timed(
      `${node.name}: back, and Reachable`,
      () => bringBack(node, managers, unlockKey),
      say,
    );
    await note(journal, {});
  }
}

const fileName = (stem: string, encryption: Encryption) =>
  encryption.kind === "none" ? `${stem}.tgz` : `${stem}.tgz.age`;

async function archiveVolume(
  request: BackupRequest,
  volume: string,
  via: NodeHandle,
  draft: Draft,
) {
  const { encryption, say, journal, registry } = request;
  const place = await findVolume(volume, request.nodes, via);
  const zero = Object.fromEntries(Object.keys(place.services).map((name) => [name, 0]));
  const kind = volume === registry ? ("registry" as const) : ("volume" as const);
  const file = fileName(kind === "registry" ? "registry" : `volume-${volume}`, encryption);
  const written = await timed(
    `${place.node.name}: archiving volume ${volume}`,
    async () => {
      await note(journal, { services: place.services });
      try {
        await scale(via, zero);
        const { stream, done } = await readVolume(place);
        const [stored] = await Promise.all([draft.write(file, encrypt(stream, encryption)), done]);
        return stored;
      } finally {
        await scale(via, place.services);
        await note(journal, {});
      }
    },
    say,
  );
  return {
    kind,
    name: volume,
    node: place.node.name,
    file,
    encryption: encryption.kind,
    ...written,
  };
}

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
