import { existsSync } from "node:fs";
import { access, constants, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describeProblem, UserError } from "../../components/errors.ts";
import type { Report } from "../cli/report.ts";
import { capture, said } from "../cli/run.ts";
import { startDaemon, waitForEngine } from "./dockerd.ts";
import { DEFAULT_HOST, type EngineLook, lookAtEngine } from "./engine-host.ts";
import type { Step } from "./step.ts";

/** What decides how an engine can be brought to a machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly root: boolean;
  /** ID and ID_LIKE of /etc/os-release. */
  readonly distributions: readonly string[];
  readonly systemd: boolean;
  /** Whether dockerd is installed. */
  readonly dockerd: boolean;
}

export type EnginePlan = "none" | "install" | "start-service" | "start-daemon";

/**
 * What is to be done so that an engine answers. Throws a UserError that says what to install or start when this
 * machine is not one where set-up may do it.
 */
export function planEngine(look: EngineLook, machine: Machine): EnginePlan {
  if (look.state === "answers") return "none";
  const silent = look.state === "silent" ? look.reason : "no docker client";
  const stuck = (fix: string) =>
    new UserError(
      describeProblem({
        where: "Docker engine",
        got: silent,
        need: `one that answers at ${look.host}`,
        fix,
      }),
    );
  if (/permission denied/i.test(silent))
    throw stuck(
      "add yourself to the group docker (`sudo usermod -aG docker $USER`, then log in again)",
    );
  if (look.host !== DEFAULT_HOST)
    throw stuck("start it, or choose another with `docker context use`");
  if (machine.platform !== "linux")
    throw stuck("install and start Docker Desktop (https://docs.docker.com/get-docker) or Colima");
  const debian = machine.distributions.some((id) => id === "debian" || id === "ubuntu");
  if (look.state === "no-client" || !machine.dockerd) {
    if (debian && machine.root) return "install";
    throw stuck(
      debian
        ? "install it: `sudo apt-get install docker.io`, or run this as root once"
        : "install Docker Engine: https://docs.docker.com/engine/install",
    );
  }
  if (!machine.root) throw stuck("start it: `sudo systemctl start docker`");
  return machine.systemd ? "start-service" : "start-daemon";
}

async function onPath(name: string): Promise<boolean> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const tries = folders.map((folder) => access(join(folder, name), constants.X_OK));
  return (await Promise.allSettled(tries)).some((result) => result.status === "fulfilled");
}

export async function readMachine(): Promise<Machine> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].map(
    (match) => match[1] ?? "",
  );
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    distributions: ids.join(" ").split(" "),
    systemd: existsSync("/run/systemd/system"),
    dockerd: await onPath("dockerd"),
  };
}

async function install(say: Report): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const apt = async (...args: string[]) => {
    const result = await capture("apt-get", args, { env, timeout: 600_000 });
    if (result.code === 0) return;
    throw new UserError(`Docker engine: apt-get ${args.join(" ")} failed:\n${said(result)}`);
  };
  await apt("update");
  // Since Debian 13 the client is a package of its own.
  const client = await capture("apt-cache", ["show", "docker-cli"]);
  const packages = ["docker.io", "iptables", ...(client.code === 0 ? ["docker-cli"] : [])];
  say(`set-up: installing ${packages.join(", ")}`);
  // The package starts its service by itself where there is an init system to do so.
  await apt("install", "-y", "--no-install-recommends", ...packages);
}

async function start(plan: EnginePlan, say: Report): Promise<void> {
  if (plan === "start-daemon") return startDaemon(say);
  const result = await capture("systemctl", ["start", "docker"]);
  if (result.code !== 0)
    throw new UserError(`Docker engine: systemctl start docker failed:\n${said(result)}`);
  await waitForEngine(DEFAULT_HOST, 60);
}

async function bring(look: EngineLook, say: Report): Promise<void> {
  let plan = planEngine(look, await readMachine());
  if (plan === "install") {
    await install(say);
    plan = planEngine(await lookAtEngine(), await readMachine());
    if (plan === "install")
      throw new UserError("Docker engine: docker.io is installed, yet there is no dockerd");
  }
  if (plan !== "none") await start(plan, say);
}

/** Brings a Docker engine that answers: the one there is, else Debian's where that is possible. */
export class EngineStep implements Step {
  readonly name = "Docker engine";
  #look: EngineLook | undefined;

  async done(): Promise<boolean> {
    this.#look = await lookAtEngine();
    return planEngine(this.#look, await readMachine()) === "none";
  }

  async run(say: Report): Promise<void> {
    await bring(this.#look ?? (await lookAtEngine()), say);
    this.#look = await lookAtEngine();
  }

  /** DOCKER_HOST of the engine, known once the step was looked at. */
  get host(): string {
    return this.#look?.host ?? DEFAULT_HOST;
  }
}
