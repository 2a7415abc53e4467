import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * A program that comes first on this process's PATH: runs `body`, a shell script, and remembers what it was called with. For
 * what is asked of others; what they would answer is not known here.
 */
export class StubProgram implements Disposable {
  private readonly folder: string;
  private readonly log: string;
  private readonly path = process.env.PATH;

  constructor(name: string, body: string) {
    this.folder = mkdtempSync(join(tmpdir(), `swarm-lab-${name}-`));
    this.log = join(this.folder, "calls");
    // One write a call: they come side by side.
    const remember = `printf '%s\\n' "$@" ---- >>'${this.log}'`;
    writeFileSync(join(this.folder, name), `#!/bin/sh\n${remember}\n${body}\n`, { mode: 0o755 });
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
