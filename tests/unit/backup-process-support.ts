import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { afterEach } from "vitest";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Another process that runs `code` with places and the lock of backups in scope, says "ready" and stays. */
export async function elsewhere(code: string): Promise<ChildProcess> {
  const module = (name: string) =>
    JSON.stringify(new URL(`../../scripts/backup/${name}`, import.meta.url).href);
  const script = `import { withBackupLock } from ${module("backup-lock.ts")};
import { DirectoryPlace } from ${module("directory-place.ts")};
const stay = () => new Promise(() => setInterval(() => undefined, 1000));
const ready = () => process.stdout.write("ready");
${code}`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout as Readable, "data");
  return child;
}

export async function killed(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}
