import { spawn } from "node:child_process";
import { x } from "tinyexec";
import { parseProcesses } from "../../scripts/cli/processes.ts";
import { ROOT, type TestLab } from "../e2e/support/test-lab.ts";

/** The processes of the drill's own program in one lab, which Pulumi starts apart from itself. */
async function programsOf(lab: TestLab, runId: string): Promise<number[]> {
  const { stdout } = await x("ps", ["eww", "-A", "-o", "pid=,ppid=,command="]);
  return parseProcesses(stdout)
    .filter(({ text }) => text.includes("scripts/drills/run.ts"))
    .filter(({ text }) => text.includes(lab.stack) && text.includes(`"runId":"${runId}"`))
    .map(({ pid }) => pid);
}

/**
 * Runs a drill and kills its program, Pulumi and the command with SIGKILL when it says that `phase` begins. Returns what was
 * printed; fails when the drill ended before.
 */
export function killDrill(
  lab: TestLab,
  drill: string,
  runId: string,
  phase: string,
): Promise<string> {
  const args = ["scripts/lab", "drill", drill, "--run-id", runId, "--stack", lab.stack];
  const child = spawn("sh", args, {
    ...{ cwd: ROOT, env: { ...process.env, ...lab.env }, detached: true },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const moment = new RegExp(`^ *\\d+ s {2}${phase}: `, "m");
  let printed = "";
  let killing = false;
  return new Promise((resolve, reject) => {
    const kill = async () => {
      const programs = await programsOf(lab, runId);
      if (programs.length === 0) reject(new Error(`no program of ${drill} ${runId} was found`));
      for (const pid of programs) process.kill(pid, "SIGKILL");
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    };
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      if (killing || !moment.test(printed)) return;
      killing = true;
      kill().catch(reject);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("close", (code, signal) => {
      lab.printed += printed;
      if (signal === "SIGKILL") resolve(printed);
      else reject(new Error(`${drill} ended with ${code ?? signal} before ${phase}:\n${printed}`));
    });
  });
}
