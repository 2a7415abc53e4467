import { describeProblem, UserError } from "../../components/errors.ts";
import type { Environment } from "../cli/environment.ts";
import { type Captured, capture, said } from "../cli/run.ts";

export const DEFAULT_HOST = "unix:///var/run/docker.sock";

/** The oldest engine that runs a node: it has the private cgroup namespace that nodes need. */
export const OLDEST = [20, 10] as const;

/** What is known of the engine after one look. */
export type EngineLook =
  | { readonly state: "answers"; readonly host: string; readonly version: string }
  | { readonly state: "silent"; readonly host: string; readonly reason: string }
  | { readonly state: "no-client"; readonly host: string };

/** The engine the environment names, or undefined when the docker client's context decides. */
export function namedHost(env: Environment): string | undefined {
  return env.SWARM_LAB_ENGINE || env.DOCKER_HOST || undefined;
}

/** Why the lab cannot live on an engine at this address, or undefined when it can. */
export function refuseHost(host: string): string | undefined {
  if (/^(unix|npipe):/.test(host)) return undefined;
  if (/^tcp:\/\/(127\.|localhost[:/]|\[::1\])/.test(host)) return undefined;
  return describeProblem({
    where: "Docker engine",
    got: host,
    need: "an engine on this machine, as the lab's ports are open on loopback only",
    fix: "unset DOCKER_HOST, or choose a local one with `docker context use`",
  });
}

/** Judges the answer of `docker version --format '{{json .}}'`. */
export function judgeVersion(host: string, result: Captured): EngineLook {
  if (result.code === 127) return { state: "no-client", host };
  const silent = (reason: string) => ({ state: "silent", host, reason }) as const;
  if (result.code !== 0) return silent(said(result, 1));
  const { Server: server } = JSON.parse(result.stdout) as { Server?: { Version?: string } | null };
  const version = server?.Version;
  return version === undefined ? silent(said(result, 1)) : { state: "answers", host, version };
}

/** Throws when the engine is older than nodes need. */
export function refuseOld(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new UserError(
    describeProblem({
      where: "Docker engine",
      got: `version ${version}`,
      need: `${OLDEST.join(".")} or newer`,
      fix: "upgrade it: https://docs.docker.com/engine/install",
    }),
  );
}

async function contextHost(): Promise<string> {
  const format = "{{.Endpoints.docker.Host}}";
  const { code, stdout } = await capture("docker", ["context", "inspect", "--format", format]);
  return (code === 0 && stdout.trim()) || DEFAULT_HOST;
}

/** Finds the engine and whether it answers, in the time of one docker call. */
export async function lookAtEngine(env: Environment = process.env): Promise<EngineLook> {
  const named = namedHost(env);
  const args = ["version", "--format", "{{json .}}"];
  const [host, answer] = await Promise.all([
    named ?? contextHost(),
    capture("docker", named === undefined ? args : ["--host", named, ...args], { timeout: 15_000 }),
  ]);
  const refused = refuseHost(host);
  if (refused !== undefined) throw new UserError(refused);
  const look = judgeVersion(host, answer);
  if (look.state === "answers") refuseOld(look.version);
  return look;
}
