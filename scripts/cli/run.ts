import type { ChildProcess } from "node:child_process";
import type { Captured } from "../../components/process.ts";

export { type Captured, type CaptureOptions, capture } from "../../components/process.ts";

/** What a command said that a person should read: its last lines on stderr, else on stdout. */
export function said(result: Captured, lines = 5): string {
  const text = result.stderr.trim() || result.stdout.trim() || "no output";
  return text.split("\n").slice(-lines).join("\n");
}

/** How a child ended: its exit code, and whether somebody asked this process to end meanwhile. */
export interface Ending {
  readonly code: number;
  readonly interrupted: boolean;
}

/**
 * Waits for a child that was started with `detached: true`. In a process group of its own Ctrl-C reaches it exactly
 * once: by being passed on here. (Pulumi finishes what is in flight on the first and gives up on the second.)
 */
export async function passSignals(child: ChildProcess): Promise<Ending> {
  let interrupted = false;
  const pass = () => {
    interrupted = true;
    child.kill("SIGINT");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status, signal) =>
        resolve(status ?? (signal === "SIGKILL" ? 137 : 130)),
      );
    });
    return { code, interrupted };
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}
