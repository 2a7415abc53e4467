/**
 * Gives a machine back to its user: what the lab added goes, what was there stays. A machine that does not answer any more is
 * told of, and keeps what it has.
 */
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { CLAIM_FILE, claimText, isOurs, parseClaim } from "../../components/nodes/hosts/claim.ts";
import { closeScript } from "../../components/nodes/hosts/firewall.ts";
import type { HostInput } from "../../components/nodes/hosts/host-input.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { input, runStep } from "../lib/driver.ts";
import {
  DAEMON,
  ENGINE_FOLDERS,
  FOLDERS_BEFORE,
  GROUP,
  INSTALLED,
  LAB_FOLDER,
  VOLUMES_BEFORE,
} from "./places.ts";
import { UNNAME } from "./registry-name.ts";

/** What the lab made in an engine that stays: its volumes that were not there before, its images, its old swarms. */
const things = (volumes: readonly string[]) => `if docker version >/dev/null 2>&1; then
  docker swarm leave --force >/dev/null 2>&1 || true
  for volume in ${volumes.map((name) => `'${name}'`).join(" ")}; do
    if [ -e ${VOLUMES_BEFORE} ] && ! grep -qxF "$volume" ${VOLUMES_BEFORE}; then docker volume rm --force "$volume" >/dev/null 2>&1 || true; fi
  done
  { docker image ls --quiet --filter reference='swarm-lab/*'; docker image ls --quiet --filter reference="$REGISTRY/*"; } | sort -u | xargs -r docker image rm --force >/dev/null 2>&1 || true
fi
rm -rf /var/lib/docker/swarm.before-*`;

/** Packages that the lab brought go, with the data of the engine among them: but for folders that were there before. */
const RELEASE = `export DEBIAN_FRONTEND=noninteractive LC_ALL=C
if [ -s ${INSTALLED} ]; then
  here=$(dpkg-query -W -f '\${Package} \${db:Status-Abbrev}\\n' | awk '$2 ~ /^.[^nc]/ { print $1 }' | grep -xFf ${INSTALLED} || true)
  if echo "$here" | grep -qx docker.io; then
    systemctl stop docker.socket docker.service || true
    rm -f ${DAEMON}
    for folder in ${ENGINE_FOLDERS.join(" ")}; do
      if [ -d "$folder" ] && ! grep -qxF "$folder" ${FOLDERS_BEFORE}; then find "$folder" -mindepth 1 -delete; rmdir "$folder" 2>/dev/null || true; fi
    done
  fi
  [ -z "$here" ] || apt-get -o DPkg::Lock::Timeout=300 purge -y $here >&2
fi
if [ -e ${GROUP} ]; then gpasswd --delete "$(cat ${GROUP})" docker >/dev/null 2>&1 || true; fi
${UNNAME}
rm -rf ${LAB_FOLDER} /usr/local/bin/wait-engine`;

await runStep(async () => {
  const { lab, id, node, registry, volumes } = input<HostInput>("LAB_HOST");
  const peers = input<NodeHandle[]>("LAB_PEERS").filter(({ name }) => name !== node.name);
  // Another host that has its address now needs those rules.
  const heir = peers.some(({ address }) => address === node.address);
  if (!heir)
    await Promise.all(
      peers.map((peer) => execOn(peer, closeScript(node.address), { timeout: 60_000 })),
    );
  const whose = `cat ${CLAIM_FILE} 2>/dev/null || true`;
  const reached = await execOn(node, whose, { timeout: 30_000 });
  if (reached.code !== 0) {
    process.stderr.write(
      `${node.name} does not answer (${reached.stderr.trim()}): what the lab left on it is in ${LAB_FOLDER} there\n`,
    );
    return { node: node.name, released: false };
  }
  const held = parseClaim(reached.stdout);
  if (held.lab !== "" && !isOurs(held, { lab, id })) {
    process.stderr.write(`${node.name} is another lab's by now (${claimText(held)}): it stays\n`);
    return { node: node.name, released: false };
  }
  const trust = registry === undefined ? "" : `rm -rf /etc/docker/certs.d/${registry.name}\n`;
  const script = `${things(volumes)}\n${trust}${closeScript()}\n${RELEASE}`;
  const env = { REGISTRY: registry?.name ?? "none" };
  await runOn(node, "giving it back", script, { env, timeout: 9 * 60_000 });
  return { node: node.name, released: true };
});
