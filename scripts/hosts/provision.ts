/**
 * Makes a machine that the user already has ready to be a node: an engine where there is none, trust in the lab's registry, the
 * ways between the nodes. Run again at any time. Prints the machine's id.
 */
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { openScript, placeOf } from "../../components/nodes/hosts/firewall.ts";
import type { HostInput } from "../../components/nodes/hosts/host-input.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { input, runStep } from "../lib/driver.ts";
import { daemonSettings } from "./daemon-settings.ts";
import { installScript } from "./engine-script.ts";
import { bringFiles, groupFor, introduceRegistry, put, START_ENGINE } from "./equip.ts";
import { DAEMON, INSTALLED, VOLUMES_BEFORE } from "./places.ts";

const MINUTE = 60_000;

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
  const up = `${START_ENGINE}\n${NOTE_VOLUMES}`;
  await runOn(node, "starting its engine", up, { timeout: 3 * MINUTE });
}

await runStep(async () => {
  const { lab, id, node, setup, registry, dataPathPort } = input<HostInput>("LAB_HOST");
  const peers = input<NodeHandle[]>("LAB_PEERS").filter(({ name }) => name !== node.name);
  const { connection } = node;
  if (connection.kind !== "ssh") throw new Error(`${node.name} is no host`);
  await bringFiles(node);
  await runOn(node, "installing its engine", installScript(setup), { timeout: 12 * MINUTE });
  if (registry !== undefined) await introduceRegistry(node, registry, process.env.LAB_CA ?? "");
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
