import type { Manifest } from "../../components/backup/manifest.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { parseNodes } from "../../components/swarm/node-list.ts";
import { waitFor } from "../lib/wait.ts";
import { changeOn } from "../swarm/managers.ts";

/**
 * A restored manager is known to its peers by the address in its log; `--advertise-addr` does not change it (moby#34306). So
 * the new machine answers at the old address as well until other managers have joined at their own, and then leaves and
 * joins again as itself.
 */
const FIND_LINK = (own: string) =>
  `ip -o -4 address show | sed -n 's|^[0-9]*: \\([^ @]*\\).* inet ${own.replaceAll(".", "\\.")}/\\([0-9]*\\).*|\\1 \\2|p' | head -n 1`;

/** Lets a node answer at another address too. Done again it changes nothing; a restart of the machine takes it away. */
export async function addAlias(node: NodeHandle, address: string): Promise<void> {
  const script = `set -- $(${FIND_LINK(node.address)}); [ $# -eq 2 ]
ip -o -4 address show dev "$1" | grep -qF ' ${address}/' || ip address add "${address}/$2" dev "$1"`;
  await runOn(node, `answering at ${address} as well`, script);
}

/** Takes the address away again; nothing happens when it is not there. */
export async function removeAlias(node: NodeHandle, address: string): Promise<void> {
  const script = `set -- $(${FIND_LINK(node.address)}); [ $# -eq 2 ]
! ip -o -4 address show dev "$1" | grep -qF ' ${address}/' || ip address del "${address}/$2" dev "$1"`;
  await runOn(node, `answering at ${address} no more`, script);
}

const LIST = "timeout 8 docker node ls --format '{{json .}}'";

/** Takes the restored manager, which has the old address, out of the swarm through another one. Its machine is in none then. */
export async function leaveAlias(
  target: NodeHandle,
  via: NodeHandle,
  manifest: Manifest,
): Promise<void> {
  const { id } = manifest.node;
  const entry = async () => {
    const { code, stdout } = await execOn(via, LIST, { timeout: 10_000 });
    return code === 0 ? (parseNodes(stdout).find((one) => one.id === id) ?? "gone") : undefined;
  };
  const found = await entry();
  if (found === "gone") return;
  if (found === undefined || found.managerStatus !== "")
    await changeOn(via, "demoting the restored manager", `docker node demote ${id}`);
  await waitFor(
    `${target.name} is no manager any more`,
    async () => {
      const { stdout } = await execOn(
        target,
        "timeout 5 docker info --format '{{.Swarm.ControlAvailable}} {{.Swarm.LocalNodeState}}'",
      );
      const said = stdout.trim();
      return /^false (active|inactive)$/.test(said)
        ? { done: true }
        : { waiting: said || "no answer" };
    },
    { deadline: 60, interval: 0.5 },
  );
  const left = await execOn(target, "timeout 30 docker swarm leave");
  if (left.code !== 0 && !/not part of a swarm/.test(left.stderr))
    await runOn(target, "leaving the swarm", "timeout 30 docker swarm leave --force");
  await waitFor(
    `the entry of the restored manager is removed`,
    async () => {
      const { code, stderr } = await execOn(via, `timeout 10 docker node rm --force ${id}`);
      return code === 0 || /not found/.test(stderr) ? { done: true } : { waiting: stderr.trim() };
    },
    { deadline: 60, interval: 1 },
  );
}
