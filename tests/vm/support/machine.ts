import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../scripts/lib/image-engine.ts";
import type { Image } from "./image.ts";
import type { Namespace } from "./namespace.ts";
import { Monitor } from "./qmp.ts";

/** What a machine's disk is at first, and, where it was saved running, the state it goes on from. */
export interface Origin {
  readonly disk: string;
  readonly format: "raw" | "qcow2";
  readonly state?: string;
}

export interface MachineParts {
  readonly name: string;
  readonly folder: string;
  readonly image: Image;
  readonly origin: Origin;
  readonly seed: string;
  readonly mac: string;
  readonly tap: string;
  /** MiB. */
  readonly memory: number;
}

/** One emulated machine: switched on and off by its QEMU process, while its disk stays. */
export class Machine {
  readonly #parts: MachineParts;
  readonly #namespace: Namespace;
  #process: ChildProcess | undefined;
  #state: string | undefined;

  private constructor(parts: MachineParts, namespace: Namespace) {
    this.#parts = parts;
    this.#namespace = namespace;
    this.#state = parts.origin.state;
  }

  /** A machine with a disk of its own over the one it begins with, switched off. */
  static async make(parts: MachineParts, namespace: Namespace): Promise<Machine> {
    const machine = new Machine(parts, namespace);
    const { disk, format } = parts.origin;
    const args = ["create", "-q", "-f", "qcow2", "-F", format, "-b", disk, machine.disk];
    await run(`disk of ${parts.name}`, "qemu-img", args, {}, 30_000);
    return machine;
  }

  #file(name: string): string {
    return join(this.#parts.folder, name);
  }

  get disk(): string {
    return this.#file("disk.qcow2");
  }

  #arguments(): string[] {
    const { name, image, memory, tap, mac, seed } = this.#parts;
    const append = "root=/dev/vda rw console=ttyS0 loglevel=4 mitigations=off";
    return [
      ...["-name", name, "-nodefaults", "-no-user-config", "-display", "none"],
      // Software emulation: KVM is not to be had everywhere, and this must run the same everywhere.
      ...["-accel", "tcg,thread=multi", "-smp", "1", "-cpu", "max", "-m", String(memory)],
      ...["-kernel", image.kernel, "-initrd", image.initrd, "-append", append],
      ...["-drive", `file=${this.disk},if=virtio,format=qcow2,discard=unmap`],
      ...["-drive", `file=${seed},if=virtio,format=raw,readonly=on`],
      ...["-netdev", `tap,id=net0,ifname=${tap},script=no,downscript=no`],
      ...["-device", `virtio-net-pci,netdev=net0,mac=${mac},romfile=`],
      // The second tells a system that goes on from a saved state that its random numbers were used before.
      ...["-device", "virtio-rng-pci", "-device", "vmgenid,guid=auto"],
      ...["-chardev", `file,id=console,path=${this.#file("console")},append=on`],
      ...["-serial", "chardev:console", "-qmp", `unix:${this.#file("monitor")},server=on,wait=off`],
      ...(this.#state === undefined ? [] : ["-incoming", `exec:cat '${this.#state}'`]),
    ];
  }

  /** Whether it is on; one whose system switched itself off is not. */
  get on(): boolean {
    return this.#process !== undefined;
  }

  /**
   * Switches it on: from the state that it was saved in at first, later from its disk. A test process that is killed takes its
   * machines with it.
   */
  start(): void {
    if (this.on) return;
    const log = openSync(this.#file("qemu.log"), "a");
    const qemu = ["--pdeathsig", "KILL", "qemu-system-x86_64", ...this.#arguments()];
    this.#state = undefined;
    const [command, args] = this.#namespace.inside("setpriv", qemu);
    const child = spawn(command, args, { stdio: ["ignore", log, log] });
    closeSync(log);
    this.#process = child;
    const ended = () => {
      if (this.#process === child) this.#process = undefined;
    };
    child.once("exit", ended);
    child.once("error", ended);
  }

  /** Takes the power away: what the system had not written to its disk is lost. Returns when it is off. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Stops it where it is and writes to `file` what it goes on from; the disk belongs to it. It is off then. */
  async save(file: string): Promise<void> {
    const monitor = await Monitor.open(this.#file("monitor"));
    try {
      await monitor.save(file, 120);
    } finally {
      monitor[Symbol.dispose]();
    }
    await this.kill();
  }

  /** The last lines of its console, and what QEMU itself complained of. */
  async lastWords(lines = 15): Promise<string> {
    const files = ["qemu.log", "console"].map((name) => this.#file(name));
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
    return texts.flatMap((text) => text.trimEnd().split("\n").slice(-lines)).join("\n");
  }
}
