import { UserError } from "../../components/errors.ts";

/** Settings of the engine that a node has unless somebody chose otherwise: its log must not fill the disk. */
const DEFAULTS = {
  "log-driver": "json-file",
  "log-opts": { "max-size": "10m", "max-file": "3" },
  "metrics-addr": "127.0.0.1:9323",
} as const;

/**
 * The content of daemon.json with what a node needs, given what stands there (empty: nothing). What somebody chose stays.
 * Throws a UserError where it is no JSON, or keeps an engine out of a swarm.
 */
export function daemonSettings(host: string, text: string): string {
  const file = `${host}: /etc/docker/daemon.json`;
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text.trim() || "{}") as Record<string, unknown>;
  } catch {
    throw new UserError(`${file}: got no JSON, need JSON or no file; correct it`);
  }
  if (given["live-restore"] === true)
    throw new UserError(
      `${file}: got live-restore true, need false: an engine refuses a swarm with it; remove it`,
    );
  // Options belong to their driver: those of another one would be refused.
  const { "log-opts": options, ...others } = DEFAULTS;
  const own = given["log-driver"] === undefined || given["log-driver"] === "json-file";
  const settings = { ...others, ...(own ? { "log-opts": options } : {}), ...given };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
