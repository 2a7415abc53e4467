import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../components/errors.ts";
import type { Report } from "../cli/report.ts";
import { capture } from "../cli/run.ts";
import { waitFor } from "../lib/wait.ts";
import { DEFAULT_HOST, judgeVersion } from "./engine-host.ts";

export const DAEMON_LOG = "/var/log/swarm-lab-dockerd.log";
const PID_FILES = ["/var/run/docker.pid", "/var/run/docker/containerd/containerd.pid"];

async function commandOf(pid: string): Promise<string> {
  const { stdout } = await capture("ps", ["-o", "comm=", "-p", pid]);
  return stdout.trim();
}

/**
 * Removes pid files whose process is gone or is another program by now (a machine that was switched off keeps the
 * file and gives the number to somebody else, and dockerd refuses to start). Returns whether a dockerd lives.
 */
async function clearStalePids(): Promise<boolean> {
  let alive = false;
  for (const file of PID_FILES) {
    const pid = (await readFile(file, "utf8").catch(() => "")).trim();
    if (pid === "") continue;
    if (/^(dockerd|containerd)/.test(await commandOf(pid))) alive ||= file === PID_FILES[0];
    else await rm(file, { force: true });
  }
  return alive;
}

/** Waits until the engine answers; the error says what it answered last. */
export async function waitForEngine(host: string, deadline: number): Promise<void> {
  const args = ["--host", host, "version", "--format", "{{json .}}"];
  await waitFor(
    `Docker engine at ${host}`,
    async () => {
      const look = judgeVersion(host, await capture("docker", args, { timeout: 5000 }));
      if (look.state === "answers") return { done: true };
      return { waiting: look.state === "silent" ? look.reason : "there is no docker client" };
    },
    { deadline },
  );
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-5).join("\n");
}

/** Starts dockerd for itself (it outlives this process) and waits until it answers, at most a minute. */
export async function startDaemon(say: Report): Promise<void> {
  if (!(await clearStalePids())) {
    say(`set-up: starting dockerd, log in ${DAEMON_LOG}`);
    const log = openSync(DAEMON_LOG, "a");
    const path = `${process.env.PATH}:/usr/sbin:/sbin:/usr/local/sbin`;
    const env = { ...process.env, PATH: path };
    const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log], env });
    closeSync(log);
    const ended = new Promise<never>((_, reject) => {
      child.once("error", reject);
      child.once("exit", (code) =>
        lastLines(DAEMON_LOG).then((lines) =>
          reject(new UserError(`Docker engine: dockerd ended with ${code}:\n${lines}`)),
        ),
      );
    });
    await Promise.race([waitForEngine(DEFAULT_HOST, 60), ended]);
    child.removeAllListeners();
    child.unref();
    return;
  }
  await sleep(100);
  await waitForEngine(DEFAULT_HOST, 60);
}
