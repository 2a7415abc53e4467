/**
 * Makes a machine that the user already has ready to be a node: an engine where there is none, trust in the lab's registry, the
 * ways between the nodes. Run again at any time. Prints the machine's id.
 */
import { readFile } from "node:fs/promises";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { openScript, placeOf } from "../../components/nodes/hosts/firewall.ts";
import type { HostInput } from "../../components/nodes/hosts/host-input.ts";
import { quoted } from "../../components/nodes/quote.ts";
import { type NodeHandle, ZONE_FILE } from "../../components/nodes/types.ts";
import { input, runStep } from "../lib/driver.ts";
import { daemonSettings } from "./daemon-settings.ts";
import { installScript } from "./engine-script.ts";
import { DAEMON, GROUP, INSTALLED, VOLUMES_BEFORE } from "./places.ts";
import { nameScript } from "./registry-name.ts";

const MINUTE = 60_000;

/** A file on the host, whole or not at all. */
const put = (path: string, mode = "0644") =>
  `mkdir -p "$(dirname ${path})"; cat >${path}.new; chmod ${mode} ${path}.new; mv ${path}.new ${path}`;

/** The volumes that are the user's own: once, before the first of the lab's. */
const NOTE_VOLUMES = `[ -e ${VOLUMES_BEFORE} ] || {
  docker volume ls --quiet >${VOLUMES_BEFORE}.new; mv ${VOLUMES_BEFORE}.new ${VOLUMES_BEFORE}; }`;

/** Starts the engine. Its settings are the lab's only where the lab brought it; those of somebody else's stay. */
async function start(node: NodeHandle): Promise<void> {
  const own = await runOn(
    node,
    "looking whose engine it is",
    `[ -s ${INSTALLED} ] && echo own || echo theirs`,
  );
  if (own.trim() === "own") {
    const read = `cat ${DAEMON} 2>/dev/null || true`;
    const before = await runOn(node, "reading its engine's settings", read);
    const after = daemonSettings(node.name, before);
    if (before !== after) {
      const stdin = after;
      await runOn(node, "giving its engine settings", put(DAEMON), { stdin });
      await runOn(node, "starting it with them", "systemctl restart docker", {
        timeout: 3 * MINUTE,
      });
    }
  }
  const up = `systemctl start docker.socket docker.service\nwait-engine 90\n${NOTE_VOLUMES}`;
  await runOn(node, "starting its engine", up, { timeout: 3 * MINUTE });
}

/** Who is not root asks the engine by its group. Noted first, so that it is taken back whatever happens. */
const groupFor = (user: string) =>
  user === "root"
    ? "true"
    : `id -nG ${quoted(user)} | grep -qw docker || { echo ${quoted(user)} >${GROUP}; usermod -aG docker ${quoted(user)}; }`;

await runStep(async () => {
  const { lab, id, node, setup, registry, dataPathPort } = input<HostInput>("LAB_HOST");
  const peers = input<NodeHandle[]>("LAB_PEERS").filter(({ name }) => name !== node.name);
  const { connection } = node;
  if (connection.kind !== "ssh") throw new Error(`${node.name} is no host`);
  await runOn(node, "writing its zone", put(ZONE_FILE), { stdin: `${node.zone}\n` });
  const waiter = await readFile(new URL("../images/node/wait-engine", import.meta.url), "utf8");
  const bin = put("/usr/local/bin/wait-engine", "0755");
  await runOn(node, "bringing wait-engine", bin, { stdin: waiter });
  await runOn(node, "installing its engine", installScript(setup), { timeout: 12 * MINUTE });
  if (registry !== undefined) {
    const [host = ""] = registry.name.split(":");
    const trust = put(`/etc/docker/certs.d/${registry.name}/ca.crt`);
    await runOn(node, "trusting the registry", trust, { stdin: process.env.LAB_CA ?? "" });
    await runOn(node, "naming the registry", nameScript(registry.address, host));
  }
  await start(node);
  await runOn(node, "letting its user ask the engine", groupFor(connection.user));
  if (setup.firewall === "auto") {
    const how = { dataPathPort, claim: { lab, id } };
    const own = openScript(placeOf(node), peers, how);
    const said = await runOn(node, "opening its firewall", own, { timeout: 3 * MINUTE });
    if (said !== "") process.stderr.write(`${node.name}: ${said}`);
    // A host that comes later is let in by those that are there, as they are not made ready again for it.
    for (const peer of peers) {
      const open = openScript(placeOf(peer), [node], how);
      const { code, stderr } = await execOn(peer, open, { timeout: MINUTE });
      if (code !== 0)
        process.stderr.write(
          `${peer.name}: its firewall was not opened for ${node.name}: ${stderr}\n`,
        );
    }
  }
  const machineId = (await runOn(node, "reading its id", "cat /etc/machine-id")).trim();
  return { node: node.name, machineId };
});
