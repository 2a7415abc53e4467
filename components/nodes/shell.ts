import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { accountHint, instanceOptions } from "./aws/instance-options.ts";
import { quoted } from "./quote.ts";
import type { HostConnection, NodeConnection, SshConnection } from "./types.ts";

/** A local command that runs a POSIX shell script (`sh -eu`) on a node. */
export interface NodeShell {
  readonly command: string;
  readonly args: readonly string[];
  /** Environment that the local command needs besides its own. */
  readonly env: Readonly<Record<string, string>>;
  /** What its standard input has to begin with; the rest of it is the script's. */
  readonly header: string;
}

/** Folder of the sockets over which commands share one connection to a host. A socket's path has 104 bytes at most. */
export const SOCKETS = join(homedir(), ".cache", "swarm-lab", "ssh");

/** The socket of one connection. A host key that was corrected is a new one: a shared connection is not looked at again. */
function socketOf(connection: SshConnection): string {
  const text = [connection, ...accountHint(connection)].map((part) => JSON.stringify(part));
  return join(SOCKETS, createHash("sha256").update(text.join()).digest("hex").slice(0, 16));
}

/** How a machine that the user already has is reached, with which key, and what it has to show. */
const hostOptions = ({ identity, hostKey }: HostConnection) => ({
  ConnectTimeout: 10,
  ControlPersist: 60,
  IdentityFile: identity,
  // %H is the name under which ssh looks for the key. A file for each host would be one thing more to keep.
  KnownHostsCommand: `/bin/echo %H ${hostKey}`,
  UserKnownHostsFile: "/dev/null",
});

/** Options of every connection: nothing is asked, no key is accepted that was not given, and one connection serves many. */
export function sshOptions(connection: SshConnection): string[] {
  mkdirSync(SOCKETS, { recursive: true, mode: 0o700 }); // ssh does not
  return Object.entries({
    BatchMode: "yes",
    ControlMaster: "auto",
    ControlPath: socketOf(connection),
    GlobalKnownHostsFile: "/dev/null",
    IdentitiesOnly: "yes",
    LogLevel: "ERROR",
    Port: connection.port,
    // A minute: a machine that installs packages or makes its first networks may be mute for half of one.
    ServerAliveCountMax: 4,
    ServerAliveInterval: 15,
    StrictHostKeyChecking: "yes",
    ...("instance" in connection ? instanceOptions(connection) : hostOptions(connection)),
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/**
 * The same for whoever speaks to the engine's API over SSH, on connections of their own: one that was open before the user
 * came into the group that may do so does not know it.
 */
export const apiOptions = (connection: SshConnection): string[] => [
  ...["-F", "/dev/null", "-o", `ControlPath=${socketOf(connection)}-api`], // ssh takes what comes first
  ...sshOptions(connection),
];

/**
 * Over SSH the script is an argument, which anybody on the host may read, and sshd takes no environment. So variables are
 * the first line of the standard input, and the shell reads it byte by byte: the rest is the script's.
 */
const READ_ENV = `IFS= read -r line; eval "$(printf %s "$line" | base64 -d)"`;

function sshShell(
  connection: SshConnection,
  script: string,
  env: Readonly<Record<string, string>>,
): NodeShell {
  const given = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const header = given.length === 0 ? "" : `${Buffer.from(given.join("\n")).toString("base64")}\n`;
  const whole = header === "" ? script : `${READ_ENV}\n${script}`;
  // What sshd runs is one text that the user's login shell reads; root needs no sudo, and may not have it.
  const asRoot = connection.user === "root" ? "" : "sudo -n ";
  return {
    command: "ssh",
    args: [
      ...["-F", "/dev/null", ...sshOptions(connection)],
      ...[`${connection.user}@${connection.host}`, `${asRoot}sh -euc ${quoted(whole)}`],
    ],
    ...{ env: {}, header },
  };
}

/**
 * What runs a script on a node whose engine may run. `env`: variables of the script, whose values no argument list shows.
 * What is secret goes there or into the standard input, never into the script.
 */
export function shellOn(
  connection: NodeConnection,
  script: string,
  env: Readonly<Record<string, string>> = {},
): NodeShell {
  switch (connection.kind) {
    case "container": {
      const names = Object.keys(env).flatMap((name) => ["--env", name]);
      const exec = ["--host", connection.engine, "exec", "-i", ...names, connection.container];
      return { command: "docker", args: [...exec, "sh", "-euc", script], env, header: "" };
    }
    case "ssh":
      return sshShell(connection, script, env);
  }
}
