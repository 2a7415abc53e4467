import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * An `ssh` that comes first on this process's PATH: runs `body`, a shell script, and remembers what it was called with. For
 * what is asked of hosts; whether sshd would take it is not known here.
 */
export class StubSsh implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "swarm-lab-ssh-"));
  private readonly log = join(this.folder, "calls");
  private readonly path = process.env.PATH;

  constructor(body: string) {
    // One write a call: they come side by side.
    const remember = `printf '%s\\n' "$@" ---- >>'${this.log}'`;
    writeFileSync(join(this.folder, "ssh"), `#!/bin/sh\n${remember}\n${body}\n`, { mode: 0o755 });
    process.env.PATH = [this.folder, this.path].join(delimiter);
  }

  /** The arguments of each call, as one text with a line for each. */
  get calls(): string[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, "utf8").split("\n----\n").slice(0, -1);
  }

  [Symbol.dispose](): void {
    process.env.PATH = this.path;
    rmSync(this.folder, { recursive: true });
  }
}
