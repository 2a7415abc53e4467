import { spawn } from "node:child_process";
import { ROOT, type TestLab } from "../../e2e/support/test-lab.ts";

/** Runs a verb of the lab and kills it, and all that it started, when its output first shows `moment`. */
export function killedAt(
  lab: TestLab,
  verb: string,
  args: readonly string[],
  moment: RegExp,
): Promise<string> {
  const child = spawn("sh", ["scripts/lab", verb, "--stack", lab.stack, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...lab.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let killed = false;
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      if (killed || !moment.test(printed) || !child.pid) return;
      killed = true;
      process.kill(-child.pid, "SIGKILL");
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("close", (code, signal) => {
      lab.printed += printed;
      if (signal === "SIGKILL") resolve(printed);
      else reject(new Error(`${verb} ended with ${code ?? signal} before ${moment}:\n${printed}`));
    });
  });
}
