import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { capture } from "../../../components/process.ts";
import { BRIDGE, type Namespace } from "./namespace.ts";

/** A recording of what passes the bridge, made by tcpdump. It begins when `record` returns and ends with `stop`. */
export class Wire {
  readonly #file: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #said = "";

  private constructor(file: string, child: ChildProcess) {
    this.#file = file;
    this.#child = child;
    this.#ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
  }

  /** Records packets that pass `filter` (all, when it is left out), whole, into a file. */
  static async record(namespace: Namespace, file: string, filter = ""): Promise<Wire> {
    // As root: the file is in a folder that tcpdump's own user may not enter.
    const options = ["-i", BRIDGE, "-w", file, "-U", "-s", "0", "-B", "8192", "-Z", "root"];
    const [command, args] = namespace.inside("tcpdump", [...options, ...(filter ? [filter] : [])]);
    const wire = new Wire(file, spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] }));
    await wire.#listening();
    return wire;
  }

  /** tcpdump says so when it has opened the device; a packet before that would be missed. */
  #listening(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (/listening on/.test(this.#said)) resolve();
      };
      this.#child.stderr?.on("data", look);
      this.#ended.then(() => reject(new Error(`tcpdump ended: ${this.#said}`)), reject);
    });
  }

  /** Ends the recording; the file is whole then. Throws when packets were lost: absence would prove nothing. */
  async stop(): Promise<void> {
    this.#child.kill("SIGINT");
    await this.#ended;
    const lost = /(\d+) packets? dropped by kernel/.exec(this.#said)?.[1];
    if (lost !== "0") throw new Error(`the recording is not whole: ${this.#said.trim()}`);
  }

  /** How many recorded packets pass a filter. */
  async count(filter: string): Promise<number> {
    const result = await capture("tcpdump", ["-nn", "-r", this.#file, filter]);
    if (result.code !== 0) throw new Error(`tcpdump -r: ${result.stderr}`);
    return result.stdout.split("\n").filter(Boolean).length;
  }

  /** Whether the text is anywhere in the recording, as it is. */
  async shows(text: string): Promise<boolean> {
    return (await readFile(this.#file)).includes(text);
  }
}
