import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SshConnection } from "../../../components/nodes/types.ts";
import type { Disk, Image } from "./image.ts";
import { Machine, type Origin } from "./machine.ts";
import type { Namespace } from "./namespace.ts";
import { makeKey, makeSeed, USER } from "./seed.ts";

/** A machine to be made. */
export interface MachineSpec {
  readonly name: string;
  /** The last part of its address; left out: its place in the list, from 11 on. */
  readonly host?: number;
  /** Whether a Docker engine is installed (default `engine`). */
  readonly disk?: Disk;
  /** cloud-init user data: what a provider would give it. A machine with one is always started anew. */
  readonly userData?: string;
  /** MiB (default 2048). */
  readonly memory?: number;
}

/** What a person knows of a machine: enough for the lab's configuration. */
export interface Host {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  readonly port: number;
  /** File of the private key that may log in. */
  readonly identity: string;
  /** The host's public key, as a line of known_hosts has it after the address. */
  readonly hostKey: string;
}

/** A machine with what is known of it. */
export interface MadeMachine {
  readonly host: Host;
  readonly connection: SshConnection;
  readonly machine: Machine;
}

/** Who a machine is, and what it begins with. Its address, keys and seed belong together, and to its saved state. */
export interface Birth {
  readonly host: Host;
  readonly mac: string;
  readonly seed: string;
  readonly origin: Origin;
  readonly memory: number;
}

/** Names of files that a machine's identity consists of, in the folder where it was made or is kept. */
export const IDENTITY = { seed: "seed.img", hostKey: "host-key.pub" } as const;

/** A connection to a host that has to prove the key it is said to have. */
export function connectionTo({ address, user, port, identity, hostKey }: Host): SshConnection {
  return { kind: "ssh", host: address, port, user, identity, hostKey };
}

/** The birth of a machine whose identity is in `folder`. */
export async function birthFrom(
  folder: string,
  spec: MachineSpec,
  address: string,
  login: string,
  origin: Origin,
): Promise<Birth> {
  const { name, memory = 2048 } = spec;
  const digest = createHash("sha256").update(name).digest("hex");
  const mac = ["52:54:00", ...[0, 2, 4].map((at) => digest.slice(at, at + 2))].join(":");
  const publicKey = await readFile(join(folder, IDENTITY.hostKey), "utf8");
  const hostKey = publicKey.split(" ").slice(0, 2).join(" ");
  const host: Host = { name, address, user: USER, port: 22, identity: login, hostKey };
  return { host, mac, memory, origin, seed: join(folder, IDENTITY.seed) };
}

/** Makes who a machine is: a host key, and the seed that tells it, in a new folder of its name. */
export async function bear(
  parent: string,
  spec: MachineSpec,
  address: string,
  login: string,
  image: Image,
): Promise<Birth> {
  const folder = join(parent, spec.name);
  await mkdir(folder);
  const hostKey = join(folder, "host-key");
  await makeKey(hostKey);
  const origin: Origin = { disk: image.disks[spec.disk ?? "engine"], format: "raw" };
  const birth = await birthFrom(folder, spec, address, login, origin);
  await makeSeed(folder, {
    ...{ name: spec.name, address: `${address}/24`, mac: birth.mac },
    ...{ hostKey, login: `${login}.pub` },
    ...(spec.userData === undefined ? {} : { userData: spec.userData }),
  });
  return birth;
}

/** Puts a machine into a network, off, with a disk of its own; its files are in a folder of its name. */
export async function build(
  parent: string,
  birth: Birth,
  network: Namespace,
  image: Image,
): Promise<MadeMachine> {
  const { host, mac, seed, origin, memory } = birth;
  const folder = join(parent, host.name);
  await mkdir(folder, { recursive: true });
  const tap = await network.addTap();
  const parts = { name: host.name, folder, image, origin, seed, mac, tap, memory };
  const machine = await Machine.make(parts, network);
  return { host, machine, connection: connectionTo(host) };
}
