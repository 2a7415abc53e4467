import { delimiter, dirname } from "node:path";
import { BACKEND_FOLDER, PASSPHRASE_FILE, pulumiHome } from "./paths.ts";

/** A set of environment variables; `undefined` means that the variable must not be set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment of the lab's commands is made from. */
export interface EnvironmentParts {
  readonly stack: string;
  /** DOCKER_HOST of the engine that runs the lab. */
  readonly engine: string;
  /** Folder of the pulumi executable; undefined while there is none. */
  readonly pulumi: string | undefined;
}

/** Whether the lab uses its own file backend, or one that the user chose. */
export function ownBackend(env: Environment = process.env): boolean {
  const url = env.PULUMI_BACKEND_URL;
  return url === undefined || url === "" || url === `file://${BACKEND_FOLDER}`;
}

/** Whether the passphrase of the own backend is the generated one, or the user's. */
export function ownPassphrase(env: Environment = process.env): boolean {
  if (!ownBackend(env) || env.PULUMI_CONFIG_PASSPHRASE !== undefined) return false;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  return file === undefined || file === "" || file === PASSPHRASE_FILE;
}

/**
 * The variables under which Pulumi runs the lab. The docker provider lets an ambient DOCKER_HOST win over the
 * address in the program, so Docker's own variables are unset and the program names its engine through
 * SWARM_LAB_ENGINE. A backend or passphrase of the user's own stays as it is.
 */
export function pulumiEnvironment(
  parts: EnvironmentParts,
  env: Environment = process.env,
): Environment {
  const own = ownBackend(env);
  return {
    SWARM_LAB_ENGINE: parts.engine,
    PULUMI_HOME: pulumiHome(env),
    PULUMI_STACK: parts.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    // Else each run fetches the plugin of every package in node_modules, that of AWS for a lab on this machine too; where it
    // cannot be reached, five attempts take 2.5 s. One that a resource needs is fetched all the same.
    PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
    ...(own
      ? {
          PULUMI_BACKEND_URL: `file://${BACKEND_FOLDER}`,
          PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
        }
      : {}),
    ...(ownPassphrase(env) ? { PULUMI_CONFIG_PASSPHRASE_FILE: PASSPHRASE_FILE } : {}),
    DOCKER_HOST: undefined,
    DOCKER_CONTEXT: undefined,
    DOCKER_TLS_VERIFY: undefined,
    DOCKER_CERT_PATH: undefined,
  };
}

/** The folders that come first on PATH: the Node that runs this, then Pulumi. */
export function pathFolders(parts: Pick<EnvironmentParts, "pulumi">): string[] {
  const folders = [dirname(process.execPath), parts.pulumi];
  return folders.filter((folder) => folder !== undefined);
}

/** Puts the variables into this process, so that all it starts agrees with what `npm run env` prints. */
export function enter(parts: EnvironmentParts): void {
  for (const [name, value] of Object.entries(pulumiEnvironment(parts))) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const rest = (process.env.PATH ?? "").split(delimiter);
  const folders = pathFolders(parts);
  process.env.PATH = [...folders, ...rest.filter((entry) => !folders.includes(entry))].join(
    delimiter,
  );
}

/** One word of a POSIX shell that means exactly `text`. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The lines that bring a POSIX shell into the same environment, for `eval "$(npm run -s env)"`. */
export function shellLines(environment: Environment, folders: readonly string[]): string[] {
  const entries = Object.entries(environment);
  return [
    `export PATH=${shellQuote(folders.join(delimiter))}${delimiter}"$PATH"`,
    ...entries.map(([name, value]) =>
      value === undefined ? `unset ${name}` : `export ${name}=${shellQuote(value)}`,
    ),
  ];
}
