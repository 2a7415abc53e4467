import type { Readable } from "node:stream";
import { UserError } from "../../components/errors.ts";
import { type DiskRead, readFrom, writeTo } from "../../components/nodes/disk.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { quoted } from "../../components/nodes/quote.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { awaitServices, converged } from "../swarm/await-services.ts";

/** A named volume on one node, and the services whose tasks write to it. */
export interface VolumePlace {
  readonly volume: string;
  readonly node: NodeHandle;
  /** Replicas each had, by service name. */
  readonly services: Readonly<Record<string, number>>;
}

const GET = "curl -sSf --max-time 10 --unix-socket /var/run/docker.sock http://engine";

interface ServiceJson {
  readonly Spec: {
    readonly Name: string;
    readonly Mode: { readonly Replicated?: { readonly Replicas: number } };
    readonly TaskTemplate: {
      readonly ContainerSpec?: {
        readonly Mounts?: readonly { readonly Type: string; readonly Source?: string }[];
      };
    };
  };
}

/** The replicas of the services that mount a volume. A global service is refused: its volume is another one on each node. */
function writersOf(volume: string, services: readonly ServiceJson[]): Record<string, number> {
  const writers: Record<string, number> = {};
  for (const { Spec } of services) {
    const mounts = Spec.TaskTemplate.ContainerSpec?.Mounts ?? [];
    if (!mounts.some(({ Type, Source }) => Type === "volume" && Source === volume)) continue;
    if (Spec.Mode.Replicated === undefined) {
      throw new UserError(
        `volume ${volume}: got service ${Spec.Name}, which is global, need a replicated one: it has a volume of its own on each node`,
      );
    }
    writers[Spec.Name] = Spec.Mode.Replicated.Replicas;
  }
  return writers;
}

/** Names of the nodes that have a volume of that name, and the services that mount it, with their replicas. */
export async function lookForVolume(
  volume: string,
  nodes: readonly NodeHandle[],
  via: NodeHandle,
): Promise<{ holders: NodeHandle[]; services: Record<string, number> }> {
  const ask = `docker volume inspect ${quoted(volume)} >/dev/null 2>&1 && echo yes || echo no`;
  const there = await Promise.all(
    nodes.map((node) => runOn(node, `looking for volume ${volume}`, ask)),
  );
  const holders = nodes.filter((_, index) => there[index]?.trim() === "yes");
  const services = JSON.parse(
    await runOn(via, "listing services", `${GET}/services`),
  ) as ServiceJson[];
  return { holders, services: writersOf(volume, services) };
}

/**
 * Finds the node that holds a named volume, and who writes to it. A local volume is where its task ran; the same name on
 * two nodes is two volumes, and a UserError, as nobody can say which is meant.
 */
export async function findVolume(
  volume: string,
  nodes: readonly NodeHandle[],
  via: NodeHandle,
): Promise<VolumePlace> {
  const { holders, services } = await lookForVolume(volume, nodes, via);
  const [node] = holders;
  if (node === undefined || holders.length > 1) {
    const got =
      node === undefined ? "on no node" : `on ${holders.map(({ name }) => name).join(" and ")}`;
    throw new UserError(
      `volume ${volume}: got it ${got}, need it on one node: a local volume does not follow its tasks`,
    );
  }
  return { volume, node, services };
}

/** Sets the replicas of services and returns when they are so, or after two minutes: they are asked for all the same. */
export async function scale(
  via: NodeHandle,
  services: Readonly<Record<string, number>>,
): Promise<void> {
  const words = Object.entries(services).map(([name, replicas]) => quoted(`${name}=${replicas}`));
  if (words.length === 0) return;
  const { code, stderr } = await execOn(via, `docker service scale --detach ${words.join(" ")}`);
  if (code !== 0) throw new UserError(`${via.name}: scaling ${words.join(" ")}: ${stderr.trim()}`);
  await awaitServices(via, Object.keys(services), { done: converged, seconds: 110 });
}

/** Waits until no container on the node uses the volume: a task that is ending still writes. */
const FREE = (volume: string) => `
for i in $(seq 100); do
  [ -n "$(docker ps -q --filter volume=${quoted(volume)})" ] || exit 0
  sleep 0.3
done
echo "volume ${volume} is still in use" >&2; exit 1`;

/** The archive of a volume whose services are at zero, as it comes. */
export async function readVolume({ volume, node }: VolumePlace): Promise<DiskRead> {
  await runOn(node, `waiting for volume ${volume} to be free`, FREE(volume), { timeout: 40_000 });
  const script = `tar -C "$(docker volume inspect --format '{{.Mountpoint}}' ${quoted(volume)})" -cpzf - .`;
  return readFrom(node, `archiving volume ${volume}`, script, "node");
}

/**
 * Puts an archive in the place of a volume's content, while its services are at zero. What was there goes only when the
 * whole archive is unpacked; killed at any moment, it can be done again.
 */
export async function writeVolume(
  { volume, node }: Pick<VolumePlace, "volume" | "node">,
  archive: Readable,
): Promise<void> {
  const name = quoted(volume);
  const free = `docker volume create ${name} >/dev/null\n${FREE(volume)}`;
  await runOn(node, `waiting for volume ${volume} to be free`, free, { timeout: 40_000 });
  const script = `at=$(docker volume inspect --format '{{.Mountpoint}}' ${name})
rm -rf "$at.restoring"; mkdir -m 0700 "$at.restoring"
tar -C "$at.restoring" -xpzf -
rm -rf "$at.before"; [ ! -e "$at" ] || mv "$at" "$at.before"; mv "$at.restoring" "$at"; rm -rf "$at.before"; sync`;
  await writeTo(node, `unpacking volume ${volume}`, script, archive, "node");
}
