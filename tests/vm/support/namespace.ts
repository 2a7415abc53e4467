import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Captured, type CaptureOptions, capture } from "../../../components/process.ts";
import { said } from "../../../scripts/cli/run.ts";
import { waitFor } from "../../../scripts/lib/wait.ts";

const PREFIX = "sl-vm";

/** The bridge that connects a namespace's machines; all their packets pass it. */
export const BRIDGE = "br0";

/**
 * Addresses in every namespace are `${SUBNET}.2` to `${SUBNET}.254`: a machine that goes on from a saved state has the one it had.
 * So one set of machines at a time: SSH shares its connections by address.
 */
export const SUBNET = "10.111.7";

async function ip(args: readonly string[], stdin = ""): Promise<string> {
  const result = await capture("ip", args, { stdin });
  if (result.code === 0) return result.stdout;
  throw new Error(`ip ${args.join(" ")}: ${said(result)}`);
}

/** Where a namespace's test keeps its files. */
const folderOf = (name: string) => join(tmpdir(), name);

/** Ends every process in the namespace and removes it with its folder. Whoever made it put all of them there. */
async function remove(name: string): Promise<void> {
  await waitFor(
    `the end of network namespace ${name}`,
    async () => {
      const pids = (await ip(["netns", "pids", name])).split("\n").filter(Boolean);
      if (pids.length === 0) return { done: true };
      for (const pid of pids) {
        try {
          process.kill(Number(pid), "SIGKILL");
        } catch {} // It ended by itself.
      }
      return { waiting: `processes ${pids.join(", ")} do not end` };
    },
    { deadline: 20 },
  );
  await ip(["netns", "delete", name]);
  await rm(folderOf(name), { recursive: true, force: true });
}

/** Removes what test processes left that were killed. The name tells whose it is. */
async function sweep(): Promise<void> {
  const names = (await ip(["netns", "list"])).split("\n").map((line) => line.split(" ")[0] ?? "");
  for (const name of names) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await remove(name);
  }
}

/**
 * A network of the test's own: a bridge in a network namespace, which nothing outside reaches and which reaches nothing. Not on
 * the machine's own network, whose firewall takes bridged packets for forwarded ones as soon as a Docker engine runs there.
 */
export class Namespace implements AsyncDisposable {
  readonly name = `${PREFIX}-${process.pid}-${randomBytes(2).toString("hex")}`;
  /** For all files of the test; goes with the namespace. */
  readonly folder = folderOf(this.name);
  #taps = 0;

  static async create(): Promise<Namespace> {
    await sweep();
    const namespace = new Namespace();
    await ip(["netns", "add", namespace.name]);
    await mkdir(namespace.folder, { mode: 0o700 });
    await namespace.#batch([
      "link set lo up",
      `link add ${BRIDGE} type bridge`,
      `address add ${SUBNET}.1/24 dev ${BRIDGE}`,
      `link set ${BRIDGE} up`,
    ]);
    return namespace;
  }

  async #batch(lines: readonly string[]): Promise<void> {
    await ip(["-netns", this.name, "-batch", "-"], `${lines.join("\n")}\n`);
  }

  /** Plugs a cable into the bridge: the name of the tap device at its other end. */
  async addTap(): Promise<string> {
    const tap = `tap${this.#taps++}`;
    await this.#batch([
      `tuntap add dev ${tap} mode tap`,
      `link set ${tap} master ${BRIDGE}`,
      `link set ${tap} up`,
    ]);
    return tap;
  }

  /** The command line that runs a program in here. */
  inside(command: string, args: readonly string[]): [string, string[]] {
    return ["ip", ["netns", "exec", this.name, command, ...args]];
  }

  /** Runs a program in here and returns what it said, whatever its exit code. */
  run(command: string, args: readonly string[], options?: CaptureOptions): Promise<Captured> {
    return capture(...this.inside(command, args), options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return remove(this.name);
  }
}
