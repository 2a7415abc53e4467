import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { run } from "../../../scripts/lib/image-engine.ts";

/** Who the test logs in as. */
export const USER = "debian";

export interface SeedOptions {
  readonly name: string;
  /** With its prefix length. */
  readonly address: string;
  readonly mac: string;
  /** Files of the public key that may log in, and of the host's private key (its public one beside it). */
  readonly login: string;
  readonly hostKey: string;
  /** What a provider would give the machine; left out: nothing. */
  readonly userData?: string;
}

// cloud-init reads YAML 1.1, where a MAC of decimal digits alone is a number to the base of 60.
const yaml = (content: unknown) => stringify(content, { version: "1.1" });

const cloudConfig = (content: unknown) => `#cloud-config\n${yaml(content)}`;

/** Makes an SSH key pair without a passphrase: `file`, and `file.pub` beside it. */
export async function makeKey(file: string): Promise<void> {
  const args = ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file];
  await run("SSH key", "ssh-keygen", args, {}, 30_000);
}

/**
 * The disk from which cloud-init learns who a machine is (NoCloud). What the test itself needs is the vendor's data, so
 * that the user data is exactly what is under test. The host's key is given: it is known before the machine runs.
 */
export async function makeSeed(folder: string, options: SeedOptions): Promise<string> {
  const vendor = {
    users: [
      {
        name: USER,
        shell: "/bin/bash",
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        lock_passwd: true,
        ssh_authorized_keys: [await readFile(options.login, "utf8")],
      },
    ],
    manage_etc_hosts: "localhost",
    ssh_deletekeys: true,
    ssh_keys: {
      ed25519_private: await readFile(options.hostKey, "utf8"),
      ed25519_public: await readFile(`${options.hostKey}.pub`, "utf8"),
    },
  };
  const network = {
    version: 2,
    // No route anywhere else: what asks for the internet is told at once that there is none.
    ethernets: {
      net0: {
        match: { macaddress: options.mac },
        "set-name": "net0",
        addresses: [options.address],
      },
    },
  };
  const meta = { "instance-id": options.name, "local-hostname": options.name };
  const file = (name: string) => join(folder, name);
  await writeFile(file("user-data"), options.userData ?? cloudConfig({}));
  await writeFile(file("vendor-data"), cloudConfig(vendor));
  await writeFile(file("meta-data"), yaml(meta));
  await writeFile(file("network-config"), yaml(network));
  const args = [
    `--network-config=${file("network-config")}`,
    `--vendor-data=${file("vendor-data")}`,
  ];
  const seed = file("seed.img");
  const inputs = [seed, file("user-data"), file("meta-data")];
  await run("seed", "cloud-localds", [...args, ...inputs], {}, 60_000);
  return seed;
}
