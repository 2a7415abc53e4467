import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { type Look, waitFor } from "../../../scripts/lib/wait.ts";

interface Reply {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

/** A conversation with a running QEMU over its monitor's socket. */
export class Monitor implements Disposable {
  readonly #socket: Socket;
  readonly #replies: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#replies = createInterface(socket)[Symbol.asyncIterator]();
  }

  static async open(path: string): Promise<Monitor> {
    const socket = createConnection(path);
    await once(socket, "connect");
    const monitor = new Monitor(socket);
    await monitor.#replies.next(); // its greeting
    await monitor.#ask("qmp_capabilities");
    return monitor;
  }

  async #ask(execute: string, given: object = {}): Promise<unknown> {
    this.#socket.write(`${JSON.stringify({ execute, arguments: given })}\n`);
    for (;;) {
      const { value, done } = await this.#replies.next();
      if (done) throw new Error(`${execute}: QEMU hung up`);
      const reply = JSON.parse(value) as Reply;
      if (reply.error) throw new Error(`${execute}: ${reply.error.desc}`);
      // Others are events: something happened, nobody asked.
      if ("return" in reply) return reply.return;
    }
  }

  /**
   * Writes the machine's memory and devices to a file and leaves it stopped, its disk file whole. What it had not
   * written to its disk is in the file. It is not stopped before: it would wake up stopped.
   */
  async save(file: string, deadline: number): Promise<void> {
    await this.#ask("migrate-set-parameters", { "max-bandwidth": 2 ** 40 });
    await this.#ask("migrate", { uri: `exec:cat >'${file}'` });
    const look = async (): Promise<Look<true>> => {
      const { status } = (await this.#ask("query-migrate")) as { status: string };
      if (status === "failed") return { failed: "QEMU says that it failed" };
      return status === "completed" ? { done: true } : { waiting: status };
    };
    await waitFor(`state in ${file}`, look, { deadline, interval: 0.1 });
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
