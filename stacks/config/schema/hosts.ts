/** Machines that the user already has, for provider hosts. */
import { Address4 } from "ip-address";
import { z } from "zod";
import { choice, matching, name, port, section, text } from "./leaves.ts";

const address = z
  .string("an IPv4 address such as 192.0.2.11")
  .refine((given) => !given.includes("/") && Address4.isValid(given), {
    error: "an IPv4 address such as 192.0.2.11",
  })
  .meta({ title: "IPv4 address" });

/** One line of a host's public key, as `ssh-keyscan` prints it after the host's name. */
const hostKey = matching(
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}$/,
  'the host\'s public key, such as "ssh-ed25519 AAAA..."; it is in /etc/ssh/ssh_host_ed25519_key.pub on the host',
  "public key",
);

const host = section({
  name: name(63).describe("Name of the node, and the hostname that the swarm lists"),
  role: choice(["manager", "worker"]).describe("Role in the swarm"),
  zone: name(32).describe("Availability zone"),
  address: address.describe("Address that the other hosts dial; it must not change"),
  ssh: text("a host name or an address")
    .optional()
    .describe("Where SSH reaches it from this machine; left out: its address"),
  port: port().default(22).describe("Its SSH port"),
  user: matching(
    /^[a-z_][a-z0-9_-]*$/,
    "the name of a user who is root or may use sudo without a password",
    "user",
  )
    .default("root")
    .describe("Who logs in: root, or a user with sudo that asks for no password"),
  key: text("the path of a private key")
    .default("~/.ssh/id_ed25519")
    .describe("File of the private key, relative to the project's folder; ~/ is the home folder"),
  hostKey: hostKey.describe("The host's public key: no other is accepted"),
});

export const hosts = z
  .array(host, "a list of hosts")
  .default([])
  .describe("Machines of provider hosts; managers, workers and zones are what this list says");

export const hostSetup = section({
  version: matching(
    /^[0-9][A-Za-z0-9.+~:-]*$/,
    "a package version, or its beginning, such as 26.1.5",
    "version",
  )
    .optional()
    .describe("Version of the engine's package; left out: the one that the host would install"),
  firewall: choice(["auto", "off"])
    .default("auto")
    .describe(
      "Whether a host firewall that is on is opened for the swarm, between these hosts alone",
    ),
}).prefault({});
