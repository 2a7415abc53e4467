import type { Captured } from "../../process.ts";
import { execOn, NodeCommandError } from "../exec.ts";
import type { EnginePower, EngineSwitch } from "../power.ts";
import type { SshConnection } from "../types.ts";

/** What ssh ends with when it was not the command that failed but the way there. */
const NO_WAY = 255;

/**
 * Prints on, off or frozen. The engine is the unit's main process; what its stopping takes with it (containers' shims) is
 * no engine any more.
 */
const POWER = `pid=$(systemctl show --property MainPID --value docker)
[ "\${pid:-0}" != 0 ] || { echo off; exit; }
case $(ps -o stat= -p "$pid") in T*) echo frozen ;; *) echo on ;; esac`;

/** Stops the socket as well: it would start the engine again for whoever asks. */
const STOP = "systemctl stop docker.socket docker.service";

/** No end is written by a process that is killed; the socket must not start the next one. */
const KILL = `systemctl stop docker.socket
systemctl kill --signal SIGKILL docker.service containerd.service || true
${STOP} containerd.service; systemctl reset-failed docker.service containerd.service || true`;

const signal = (name: string) =>
  `systemctl kill --signal ${name} docker.service containerd.service`;

/** The power of the engine on a machine of its own: the machine itself stays on. */
export function hostSwitch(name: string, connection: SshConnection): EngineSwitch {
  const run = async (what: string, script: string): Promise<Captured> => {
    const result = await execOn({ connection }, script, { timeout: 90_000 });
    if (result.code !== 0) throw new NodeCommandError(name, what, result);
    return result;
  };
  const power = async (): Promise<EnginePower> => {
    const { code, stdout, stderr } = await execOn({ connection }, POWER, { timeout: 30_000 });
    if (code === NO_WAY || code === 124) return "unknown";
    const said = stdout.trim();
    if (said === "on" || said === "off" || said === "frozen") return said;
    throw new NodeCommandError(name, "looking at its engine", { code, stdout, stderr });
  };
  const act = (what: string, script: string) => async () => {
    await run(what, script);
  };
  const thaw = act("letting it go on", signal("SIGCONT"));
  return {
    ...{ power, thaw },
    async stop() {
      if ((await power()) === "frozen") await thaw();
      await run("stopping its engine", STOP);
    },
    kill: act("killing its engine", KILL),
    start: act("starting its engine", "systemctl start docker.socket docker.service"),
    freeze: act("freezing it", signal("SIGSTOP")),
    async log(lines) {
      const script = `journalctl --unit docker --lines ${lines} --output cat --no-pager`;
      return (await run("reading its log", script)).stdout;
    },
    async exitCode() {
      const script = "systemctl show --property ExecMainCode,ExecMainStatus --value docker";
      const [how, status] = (await run("looking at its end", script)).stdout.split("\n");
      // CLD_KILLED is 2, and the status is the signal then.
      return how === "2" ? 128 + Number(status) : Number(status || "NaN");
    },
  };
}
