/** What a machine needs to be a node besides an engine, whoever made it. Shell that may be run again at any time. */
import { readFile } from "node:fs/promises";
import { runOn } from "../../components/nodes/exec.ts";
import type { RegistryPlace } from "../../components/nodes/hosts/host-input.ts";
import { quoted } from "../../components/nodes/quote.ts";
import { type NodeHandle, ZONE_FILE } from "../../components/nodes/types.ts";
import { GROUP } from "./places.ts";
import { nameScript } from "./registry-name.ts";

/** A file on the node, whole or not at all; its content is the standard input. */
export const put = (path: string, mode = "0644"): string =>
  `mkdir -p "$(dirname ${path})"; cat >${path}.new; chmod ${mode} ${path}.new; mv ${path}.new ${path}`;

/** Brings a node its zone, and the program that waits for its engine. */
export async function bringFiles(node: NodeHandle): Promise<void> {
  await runOn(node, "writing its zone", put(ZONE_FILE), { stdin: `${node.zone}\n` });
  const waiter = await readFile(new URL("../images/node/wait-engine", import.meta.url), "utf8");
  const bin = put("/usr/local/bin/wait-engine", "0755");
  await runOn(node, "bringing wait-engine", bin, { stdin: waiter });
}

/** Lets a node find the lab's registry by its name, and trust it. `ca`: the lab's CA, PEM. */
export async function introduceRegistry(
  node: NodeHandle,
  { name, addresses }: RegistryPlace,
  ca: string,
): Promise<void> {
  const [host = ""] = name.split(":");
  const trust = put(`/etc/docker/certs.d/${name}/ca.crt`);
  await runOn(node, "trusting the registry", trust, { stdin: ca });
  await runOn(node, "naming the registry", nameScript(addresses, host));
}

/** Starts an engine, and ends when it answers. */
export const START_ENGINE = "systemctl start docker.socket docker.service\nwait-engine 90";

/** Lets a user ask the engine who is not root: by its group. Noted first, so that it is taken back whatever happens. */
export const groupFor = (user: string): string =>
  user === "root"
    ? "true"
    : `id -nG ${quoted(user)} | grep -qw docker || { echo ${quoted(user)} >${GROUP}; usermod -aG docker ${quoted(user)}; }`;
