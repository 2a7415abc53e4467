import { stringify } from "yaml";
import { ZONE_FILE } from "../types.ts";

/** Written last, with the engine's version in it: a machine that has it is ready to become a node. */
export const READY_FILE = "/etc/swarm-lab/ready";

export const DAEMON_FILE = "/etc/docker/daemon.json";

/** What an engine of the lab is told. */
export interface EngineSettings {
  /** Where the engine's metrics are read (default `127.0.0.1:9323`). They ask for no login, so: on the machine itself. */
  readonly metricsAddress?: string;
  /** Each container's log: size at which it is rotated, and how many are kept (default `5m`, 2). */
  readonly logSize?: string;
  readonly logFiles?: number;
}

export interface UserDataOptions extends EngineSettings {
  /** The node's name, which becomes the host's. */
  readonly name: string;
  readonly zone: string;
  /**
   * Version of Debian's packages of the engine, as apt takes it (`26.1.*`); left out: the newest. One that is given is
   * kept: a swarm is restored only onto the version that it was backed up from.
   */
  readonly engineVersion?: string;
  /** URLs of Debian packages that are in no archive of Debian's. */
  readonly packageUrls?: readonly string[];
}

/** Since Debian 13 the client is a package of its own. */
const PACKAGES = ["docker.io", "docker-cli"];

/** Fetches a package and installs it with what it depends on. */
const FETCH = `file=$(mktemp --suffix=.deb)
curl --fail --silent --show-error --location --retry 5 --output "$file" "$1"
apt-get install --yes "$file"
rm "$file"`;

/** The text of daemon.json: without rotation a container that talks fills the disk, and the Raft log with it. */
export function daemonJson(settings: EngineSettings = {}): string {
  const { metricsAddress = "127.0.0.1:9323", logSize = "5m", logFiles = 2 } = settings;
  const content = {
    "log-driver": "json-file",
    "log-opts": { "max-size": logSize, "max-file": String(logFiles) },
    "metrics-addr": metricsAddress,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * The cloud-init user data of a machine of Debian 13 that comes up ready to become a node. It holds no secret and has no
 * place for one: user data is read by anybody on the machine, and kept by the provider. What a node has to
 * be told in secret (join tokens, keys) comes later, over SSH.
 */
export function userData(options: UserDataOptions): string {
  const { name, zone, engineVersion, packageUrls = [], ...settings } = options;
  const file = (path: string, content: string) => ({ path, content, permissions: "0644" });
  const hold = engineVersion === undefined ? [] : [["apt-mark", "hold", ...PACKAGES]];
  const config = {
    hostname: name,
    preserve_hostname: false,
    // sudo and others look their own host up, and wait for a name server that does not know it.
    manage_etc_hosts: "localhost",
    // Before the packages: the engine starts as soon as it is installed, and with these.
    write_files: [
      file(DAEMON_FILE, daemonJson(settings)),
      file(ZONE_FILE, `${zone}\n`),
      file("/etc/apt/apt.conf.d/90swarm-lab", 'APT::Install-Recommends "false";\n'),
    ],
    package_update: true,
    packages: [
      "iptables",
      // Without what others recommend, curl trusts no certificate.
      ...(packageUrls.length === 0 ? [] : ["curl", "ca-certificates"]),
      ...PACKAGES.map((each) => (engineVersion === undefined ? each : [each, engineVersion])),
    ],
    runcmd: [
      // First: where the rest fails, a way in may be among them. The commands after one that fails are run all the same.
      ...packageUrls.map((url) => ["sh", "-euc", FETCH, "sh", url]),
      ...hold,
      ["systemctl", "enable", "--now", "docker"],
      [
        ...["sh", "-euc"],
        `docker version --format '{{.Server.Version}}' >${READY_FILE}.new && mv ${READY_FILE}.new ${READY_FILE}`,
      ],
    ],
  };
  // cloud-init reads YAML 1.1, where a host named `no` is false.
  return `#cloud-config\n${stringify(config, { version: "1.1" })}`;
}
