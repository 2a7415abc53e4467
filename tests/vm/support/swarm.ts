import { type Look, waitFor } from "../../../scripts/lib/wait.ts";
import type { Machines } from "./machines.ts";

/** A node as a manager lists it. */
export interface Member {
  readonly ID: string;
  readonly Hostname: string;
  readonly Status: string;
  readonly ManagerStatus: string;
}

export async function members(machines: Machines, manager: string): Promise<Member[]> {
  const text = await machines.ssh(manager, "docker node ls --format '{{json .}}'");
  return text.split("\n").map((line) => JSON.parse(line) as Member);
}

/** Waits until a manager sees all of these Ready, and returns its list. */
export function awaitReady(
  machines: Machines,
  manager: string,
  names: readonly string[],
  deadline: number,
): Promise<Member[]> {
  const look = async (): Promise<Look<Member[]>> => {
    const list = await members(machines, manager).catch((error: Error) => error.message);
    if (typeof list === "string") return { waiting: list };
    const ready = list.filter(({ Status }) => Status === "Ready").map(({ Hostname }) => Hostname);
    const missing = names.filter((name) => !ready.includes(name));
    if (missing.length === 0) return { done: list };
    return { waiting: `${missing.join(", ")} not Ready; there are ${JSON.stringify(list)}` };
  };
  return waitFor(`nodes seen by ${manager}`, look, { deadline, interval: 1 });
}

/** Waits until a machine's engine answers: it is started after the login is open. */
export async function awaitEngine(machines: Machines, name: string, deadline: number) {
  const look = async (): Promise<Look<string>> => {
    const script = "docker version --format '{{.Server.Version}}'";
    const result = await machines.look(name, script);
    return result.code === 0 ? { done: result.stdout.trim() } : { waiting: result.stderr.trim() };
  };
  return waitFor(`engine on ${name}`, look, { deadline, interval: 1 });
}

/** A swarm made by hand: the first machine starts it, the others join it, all as managers. */
export async function makeSwarm(machines: Machines, names: readonly string[]): Promise<Member[]> {
  const [first = "", ...others] = names;
  await machines.ssh(first, `docker swarm init --advertise-addr ${machines.host(first).address}`);
  const token = await machines.ssh(first, "docker swarm join-token --quiet manager");
  for (const name of others) {
    const script = `docker swarm join --advertise-addr ${machines.host(name).address} --token "$TOKEN" "$MANAGER"`;
    const env = { TOKEN: token, MANAGER: `${machines.host(first).address}:2377` };
    const result = await machines.look(name, script, { env });
    // It says so after 20 seconds, and goes on.
    if (result.code !== 0 && !/Timeout was reached before node joined/.test(result.stderr))
      throw new Error(`${name}: docker swarm join: ${result.stderr}`);
    await awaitReady(machines, first, [first, name], 90);
  }
  return awaitReady(machines, first, names, 90);
}

/** Waits until a service has this many running tasks, and returns the names of their nodes. */
export function awaitTasks(
  machines: Machines,
  manager: string,
  service: string,
  count: number,
): Promise<string[]> {
  const script = `docker service ps --filter desired-state=running --format '{{.Node}} {{.CurrentState}} {{.Error}}' ${service}`;
  const look = async (): Promise<Look<string[]>> => {
    const lines = (await machines.ssh(manager, script)).split("\n");
    const running = lines.filter((line) => /^\S+ Running /.test(line));
    if (running.length === count) return { done: running.map((line) => line.split(" ")[0] ?? "") };
    return { waiting: lines.join("; ") };
  };
  return waitFor(`tasks of ${service}`, look, { deadline: 120, interval: 1 });
}

/** Runs a shell script in the task that a service has on a machine. */
export async function inTask(machines: Machines, name: string, service: string, script: string) {
  const find = `docker ps --quiet --filter label=com.docker.swarm.service.name=${service} | head -n 1`;
  return machines.ssh(name, `docker exec -i "$(${find})" sh -eu`, { stdin: script });
}
