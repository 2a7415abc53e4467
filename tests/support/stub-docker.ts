import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * A `docker` on a PATH of its own that runs `body`, a shell script, and remembers what it was called with. For scripts
 * whose words matter; what an engine would answer is not known here.
 */
export class StubDocker implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "swarm-lab-stub-"));
  private readonly log = join(this.folder, "calls");
  readonly path = [this.folder, process.env.PATH].join(delimiter);

  constructor(body: string) {
    const program = join(this.folder, "docker");
    const remember = `printf '%s\\n' "$@" >>'${this.log}'; echo --- >>'${this.log}'`;
    writeFileSync(program, `#!/bin/sh\n${remember}\n${body}\n`);
    chmodSync(program, 0o755);
  }

  /** The arguments of each call. */
  get calls(): string[][] {
    if (!existsSync(this.log)) return [];
    const calls = readFileSync(this.log, "utf8").split("---\n").slice(0, -1);
    return calls.map((call) => call.split("\n").slice(0, -1));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
