import { NFS_CLIENT } from "../../nodes/kernel-probe.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";
import { removeVolume } from "./app-tasks.ts";
import { fillVolume, seeVolume, type VolumeSeen, withVolume } from "./task-volume.ts";

/** A task that moved, with its volume on a server of files; or why no node mounts one. */
export type SharedFacts =
  | { readonly lacks: string }
  | { readonly planted: VolumeSeen; readonly moved: VolumeSeen };

/** A server of files on one node, at the usual port of that node. Returns when it listens. */
async function serve(stage: Stage, service: string, on: NodeHandle): Promise<void> {
  const image = await stage.bringImage("nfs", on);
  await stage.on(
    await stage.leader(),
    `docker service create --quiet --detach --no-resolve-image --name ${service} --label swarm-lab.drill=${stage.runId} \\
--constraint node.hostname==${on.name} --publish mode=host,published=2049,target=2049 ${image} >/dev/null`,
  );
  await stage.until<true>("the server of files listens", 60, async () => {
    const { code, stderr } = await stage.try(on, "bash -c ': </dev/tcp/127.0.0.1/2049'");
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
}

/**
 * Moves a task between two nodes whose volume is on a server of files, which runs on the second of them. Does nothing where
 * the kernel has no client of NFS, and returns what it said then.
 */
export async function moveShared(
  stage: Stage,
  image: string,
  from: NodeHandle,
  to: NodeHandle,
): Promise<SharedFacts> {
  for (const node of [from, to]) {
    const { code, stdout, stderr } = await stage.try(node, NFS_CLIENT);
    if (code !== 0) return { lacks: `${stdout}${stderr}`.trim() };
  }
  const [server, service] = [`drill-${stage.runId}-files`, `drill-${stage.runId}-shared`];
  // A volume that is mounted from a server that is gone is hard to be rid of: first the task, then the volumes, then the server.
  stage.defer("the shared volume and its server go", async () => {
    const via = await stage.leader();
    await stage.try(via, `docker service rm ${service}`);
    for (const node of [from, to]) await removeVolume(stage, node, service);
    await stage.try(via, `docker service rm ${server}`);
  });
  await serve(stage, server, to);
  const leader = await stage.leader();
  const options = `volume-opt=type=nfs,volume-opt=device=:/data,"volume-opt=o=addr=${to.address},nfsvers=4.1"`;
  const mount = `type=volume,source=${service},target=/data,${options}`;
  const placed = `--constraint node.hostname==${from.name}`;
  await stage.on(leader, withVolume(stage, { service, image, placed, mount }));
  await seeVolume(stage, service, from);
  await fillVolume(stage, service, from);
  const planted = await seeVolume(stage, service, from);
  await stage.on(
    leader,
    `docker service update --quiet --detach --constraint-rm node.hostname==${from.name} \\
--constraint-add node.hostname==${to.name} ${service} >/dev/null`,
  );
  return { planted, moved: await seeVolume(stage, service, to) };
}

/** What was seen of it; nothing where the kernel could not. Pure. */
export function judgeShared(shared: SharedFacts): Check[] {
  const says = "on storage that nodes share the task keeps its data";
  if ("lacks" in shared) return [];
  const { planted, moved } = shared;
  const told = ({ node, files, health }: VolumeSeen) => `${health} with ${files} files on ${node}`;
  return [
    checkThat(
      says,
      "the same files, more than none, on another node",
      `${told(planted)}, then ${told(moved)}${planted.sha256 === moved.sha256 ? "" : ", other ones"}`,
      planted.files > 0 && planted.sha256 === moved.sha256 && planted.node !== moved.node,
    ),
  ];
}
