import { join } from "node:path";
import { type ExecOptions, NodeCommandError } from "../../../components/nodes/exec.ts";
import type { SshConnection } from "../../../components/nodes/types.ts";
import type { Captured, CaptureOptions } from "../../../components/process.ts";
import { type Report, report, timed } from "../../../scripts/cli/report.ts";
import { type Look, waitFor } from "../../../scripts/lib/wait.ts";
import { ensureImage, type Image } from "./image.ts";
import { type Birth, bear, build, type Host, type MachineSpec, type MadeMachine } from "./make.ts";
import { Namespace, SUBNET } from "./namespace.ts";
import { execOver, feedOver, type OverOptions } from "./remote.ts";
import { savedBirths } from "./saved.ts";
import { ensureTools } from "./tools.ts";
import { Wire } from "./wire.ts";

/** Seconds from power to a login at most. */
const BOOT = 600;

/** Emulated machines in a network of their own. Use with `await using`, or dispose of them in `afterAll`. */
export class Machines implements AsyncDisposable {
  readonly #network: Namespace;
  readonly #made = new Map<string, MadeMachine>();

  private constructor(network: Namespace) {
    this.#network = network;
  }

  /**
   * Brings machines up and returns when each lets the test log in; nothing is left when that fails. They go on from where
   * they were saved after their first start, and are started for that once. Those with user data are started anew.
   */
  static async boot(given: readonly MachineSpec[], say: Report = report): Promise<Machines> {
    await ensureTools(say);
    const image = await ensureImage(say);
    const specs = given.map((spec, index) => ({ host: 11 + index, ...spec }));
    const address = (spec: MachineSpec) => `${SUBNET}.${spec.host}`;
    const anew = async (folder: string, some: readonly MachineSpec[], login: string) => {
      const births: Birth[] = [];
      for (const spec of some) births.push(await bear(folder, spec, address(spec), login, image));
      return births;
    };
    const first = (some: readonly MachineSpec[], login: string) =>
      Machines.#start(image, say, (folder) => anew(folder, some, login));
    const keeping = specs.filter((spec) => spec.userData === undefined);
    const saved = await savedBirths(keeping, image, address, first, say);
    const machines = await Machines.#start(image, say, async (folder) => [
      ...saved.births,
      ...(await anew(
        folder,
        specs.filter((spec) => !keeping.includes(spec)),
        saved.login,
      )),
    ]);
    // Their clocks stand where they were saved.
    for (const { name } of keeping) await machines.ssh(name, `date --set @${Date.now() / 1000}`);
    return machines;
  }

  static async #start(
    image: Image,
    say: Report,
    births: (folder: string) => Promise<readonly Birth[]>,
  ): Promise<Machines> {
    const network = await Namespace.create();
    const { folder } = network;
    const machines = new Machines(network);
    try {
      // One after the other: it takes a second, and a failure leaves nobody at work.
      for (const birth of await births(folder))
        machines.#made.set(birth.host.name, await build(folder, birth, network, image));
      const names = [...machines.#made.keys()];
      const boot = async () => {
        for (const name of names) machines.start(name);
        await machines.awaitAll(names, BOOT);
      };
      await timed(`test machines: ${names.join(", ")} start`, boot, say);
      return machines;
    } catch (error) {
      await machines[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The name of the network namespace, for `ip netns exec`. */
  get namespace(): string {
    return this.#network.name;
  }

  /** For files of the test; goes with the machines. */
  get folder(): string {
    return this.#network.folder;
  }

  get hosts(): readonly Host[] {
    return [...this.#made.values()].map(({ host }) => host);
  }

  /** What is known of a machine, and the machine. */
  find(name: string): MadeMachine {
    const made = this.#made.get(name);
    if (made === undefined) throw new Error(`there is no machine ${name}`);
    return made;
  }

  /** What is known of a machine. */
  host(name: string): Host {
    return this.find(name).host;
  }

  /** Runs a program in the namespace and returns what it said, whatever its exit code. */
  run(command: string, args: readonly string[], options?: CaptureOptions): Promise<Captured> {
    return this.#network.run(command, args, options);
  }

  /** Runs a script as root over any connection with the lab's own shell, and returns what it said. */
  exec(connection: SshConnection, script: string, options?: OverOptions): Promise<Captured> {
    return execOver(this.#network, connection, script, options);
  }

  /** Runs a script as root on a machine and returns what it said, whatever its exit code. */
  look(name: string, script: string, options?: ExecOptions): Promise<Captured> {
    return this.exec(this.find(name).connection, script, options);
  }

  /** As `look`, but returns trimmed output; a failure is an error with what was said. */
  async ssh(name: string, script: string, options?: ExecOptions): Promise<string> {
    const result = await this.look(name, script, options);
    if (result.code !== 0) throw new NodeCommandError(name, script, result);
    return result.stdout.trim();
  }

  /** Runs a script as root on a machine with a file as its standard input. */
  feed(name: string, file: string, script: string): Promise<void> {
    return feedOver(this.#network, this.find(name).connection, script, file);
  }

  /** Takes the power from a machine; its disk stays as it is at that moment. */
  async kill(name: string): Promise<void> {
    await this.find(name).machine.kill();
  }

  /** Switches a machine on. Does not wait until it answers. */
  start(name: string): void {
    this.find(name).machine.start();
  }

  /** Waits until a machine lets the test log in with the key that it was given, at most `deadline` seconds. */
  async awaitSsh(name: string, deadline: number): Promise<void> {
    const { machine, connection } = this.find(name);
    const look = async (): Promise<Look<true>> => {
      if (!machine.on) return { failed: `it is off:\n${await machine.lastWords()}` };
      const result = await this.exec(connection, "true", { alone: true, timeout: 30_000 });
      if (result.code === 0) return { done: true };
      return { waiting: `${result.stderr.trim()}\n${await machine.lastWords()}` };
    };
    await waitFor(`login on ${name}`, look, { deadline, interval: 1 });
  }

  /** Waits until a machine has done all that its start consists of, cloud-init and services. */
  async settle(name: string, deadline: number): Promise<void> {
    const script =
      "cloud-init status --wait >/dev/null; systemctl is-system-running --wait || true";
    await this.ssh(name, script, { timeout: deadline * 1000 });
  }

  /** As `awaitSsh`, for several at once; all come to an end before the first failure is thrown. */
  async awaitAll(names: readonly string[], deadline: number): Promise<void> {
    const ends = await Promise.allSettled(names.map((name) => this.awaitSsh(name, deadline)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** Records the packets on the machines' network from now on; see `Wire`. */
  record(name: string, filter?: string): Promise<Wire> {
    return Wire.record(this.#network, join(this.folder, `${name}.pcap`), filter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#made.values()].map(({ machine }) => machine.kill()));
    await this.#network[Symbol.asyncDispose]();
  }
}
