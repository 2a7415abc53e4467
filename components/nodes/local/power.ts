import { type Captured, capture } from "../../process.ts";
import { NodeCommandError } from "../exec.ts";
import type { EngineSwitch } from "../power.ts";
import type { ContainerConnection } from "../types.ts";

/** Seconds an engine has to write its Raft log and leave before it is killed. */
const GRACE = 20;

/** The power of a node that is a container: its engine is the container's main process. */
export function containerSwitch(
  name: string,
  { engine, container }: ContainerConnection,
): EngineSwitch {
  const docker = async (what: string, args: readonly string[]): Promise<Captured> => {
    const result = await capture("docker", ["--host", engine, "container", ...args], {
      timeout: (GRACE + 40) * 1000,
    });
    if (result.code !== 0 && !/No such (container|object)/i.test(result.stderr))
      throw new NodeCommandError(name, what, result);
    return result;
  };
  const thaw = async () => {
    await docker("letting it go on", ["unpause", container]);
  };
  const power: EngineSwitch["power"] = async () => {
    const args = ["inspect", "--format", "{{.State.Status}}", container];
    const { code, stdout } = await docker("looking at its machine", args);
    if (code !== 0) return "missing";
    const status = stdout.trim();
    if (status === "paused") return "frozen";
    return status === "running" || status === "restarting" ? "on" : "off";
  };
  return {
    power,
    thaw,
    async stop() {
      // Stopping a paused container hangs engine 20.10 for good.
      if ((await power()) === "frozen") await thaw();
      await docker("stopping its engine", ["stop", "--time", String(GRACE), container]);
    },
    async kill() {
      await docker("killing its engine", ["kill", container]);
    },
    async start() {
      const { code, stderr } = await docker("starting its engine", ["start", container]);
      if (code !== 0)
        throw new NodeCommandError(name, "starting its engine", { code, stdout: "", stderr });
    },
    async freeze() {
      await docker("freezing it", ["pause", container]);
    },
    async log(lines) {
      const { stdout, stderr } = await docker("reading its log", [
        ...["logs", "--tail", String(lines), container],
      ]);
      return `${stdout}${stderr}`;
    },
    async exitCode() {
      const format = "{{.State.ExitCode}}";
      const { stdout } = await docker("looking at its end", [
        ...["inspect", "--format", format, container],
      ]);
      return Number(stdout.trim() || "NaN");
    },
  };
}
