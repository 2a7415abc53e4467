/** How a node on AWS is reached over SSH: all of it known before the instance is. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../cache.ts";
import { quoted } from "../quote.ts";
import type { InstanceConnection, NodeConnection } from "../types.ts";
import { SSH_PORT } from "./access.ts";

/** Which instance, and by which way to it. */
export type InstancePlace = InstanceConnection["instance"];

/** Whom Debian's image for EC2 lets in; with sudo that asks for no password. */
const LOGIN_USER = "admin";

/** The connection to a node's instance, which need not be there yet. `ssh`: the network from which SSH is open; absent: none. */
export function instanceConnection(
  { region, lab, node }: Omit<InstancePlace, "way">,
  ssh: string | undefined,
): InstanceConnection {
  const way = ssh === undefined ? "session" : "direct";
  return {
    ...{ kind: "ssh", host: `${node}.${lab}.${region}`, port: SSH_PORT, user: LOGIN_USER },
    instance: { region, lab, node, way },
  };
}

const folder = () => join(cacheFolder(), "aws");

/** The private key with which this machine enters instances: one for all labs, made when it is needed, and never sent anywhere. */
export const loginKeyFile = (): string => join(folder(), "login");

function fileOf({ instance }: InstanceConnection, ending: string): string {
  const { region, lab, node } = instance;
  const hash = createHash("sha256")
    .update(JSON.stringify([region, lab, node]))
    .digest("hex");
  return join(folder(), `${hash.slice(0, 16)}.${ending}`);
}

/** What an instance has to show, as ssh reads it: written each time that another instance is found behind the connection. */
export const knownHostFile = (connection: InstanceConnection) => fileOf(connection, "known");

/** Why the last try to reach the instance failed. It is a file, as nobody hears what ssh speaks through. */
export const failureFile = (connection: InstanceConnection) => fileOf(connection, "failed");

/** The same as a line; empty where the last try did not fail, and for connections of another kind. */
export function failureOf(connection: NodeConnection): string {
  if (!("instance" in connection)) return "";
  const file = failureFile(connection);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Seconds that a connection may take: AWS is asked first, two or three times, and a second each is usual. */
const CONNECT = 45;

/** Milliseconds that a command gets besides its own time, should its connection have to be made first. */
export const connectTime = (connection: NodeConnection): number =>
  "instance" in connection ? CONNECT * 1000 : 0;

const WHOSE = [
  "AWS_PROFILE",
  "AWS_ACCESS_KEY_ID",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
];

/**
 * What tells whose credentials lead to an instance, for whoever keeps a connection open: in another account the same names
 * are another lab's. Empty for connections of another kind.
 */
export const accountHint = (connection: NodeConnection): readonly string[] =>
  "instance" in connection ? WHOSE.map((name) => process.env[name] ?? "") : [];

const PROGRAM = fileURLToPath(new URL("../../../scripts/aws/way.ts", import.meta.url));

/** ssh expands % in these. */
const literal = (text: string) => text.replaceAll("%", "%%");

/**
 * The options of ssh that differ from those for other machines. The program that leads to the instance writes down what the
 * instance has to show before a byte of it comes; ssh reads that when it has to judge.
 */
export function instanceOptions(connection: InstanceConnection): Record<string, string | number> {
  const words = [process.execPath, PROGRAM, JSON.stringify(connection)];
  return {
    ConnectTimeout: CONNECT,
    // So that it need not be asked for every step of an `up`.
    ControlPersist: 600,
    HostKeyAlgorithms: "ssh-ed25519",
    IdentityFile: `"${literal(loginKeyFile())}"`,
    ProxyCommand: literal(words.map(quoted).join(" ")),
    UserKnownHostsFile: `"${literal(knownHostFile(connection))}"`,
  };
}
