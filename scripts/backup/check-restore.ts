import type { Manifest } from "../../components/backup/manifest.ts";
import { type Problem, UserError } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { readSwarm } from "./read-swarm.ts";
import {
  aliasProblems,
  engineVersion,
  fenceProblems,
  freeBytes,
  listProblems,
  lookAtManagers,
  type ManagerSeen,
  targetProblems,
} from "./restore-checks.ts";
import type { RestoreRequest } from "./restore-request.ts";
import { verifyBackup } from "./verify.ts";

/** A backup of another swarm than this lab's. */
function clusterProblems({ name, clusterId, lab }: RestoreRequest, manifest: Manifest): Problem[] {
  if (clusterId === undefined || manifest.clusterId === clusterId) return [];
  return [
    {
      where: name,
      got: `a backup of cluster ${manifest.clusterId} (lab ${manifest.lab})`,
      need: `one of ${clusterId}, the cluster of lab ${lab}`,
      fix: "`npm run backup -- --list` shows those of this lab",
    },
  ];
}

/** The manager that has the backup's address, and the one to restore on: the same, or any other with an alias. */
function findTarget(
  { aliasAddress }: RestoreRequest,
  { node }: Manifest,
  seen: readonly ManagerSeen[],
) {
  const home =
    seen.find((one) => one.node.address === node.address) ??
    seen.find((one) => one.node.name === node.name);
  const target = aliasAddress
    ? seen.find((one) => one.node !== home?.node && one.power !== "missing")
    : home;
  return { home, target };
}

async function placeProblems(
  { aliasAddress: alias }: RestoreRequest,
  manifest: Manifest,
  target: ManagerSeen | undefined,
  unpackedBytes: number,
): Promise<Problem[]> {
  if (target === undefined || target.power === "missing") {
    const where = target?.node.name ?? manifest.node.name;
    const got = target === undefined ? `no manager at ${manifest.node.address}` : "no machine";
    const fix = "`npm run up` makes the nodes that are missing";
    return [{ where, got, need: "one with the backup's address to restore on", fix }];
  }
  const [version, free] = await Promise.all([engineVersion(target), freeBytes(target)]);
  const { name, address } = target.node;
  return targetProblems(manifest, { name, address, version, free, alias }, unpackedBytes);
}

async function livingProblems(
  { fence }: RestoreRequest,
  seen: readonly ManagerSeen[],
): Promise<Problem[]> {
  if (fence) return [];
  const awake = seen.filter(({ power }) => power === "on").map(({ node }) => node);
  return fenceProblems(seen, (await readSwarm(awake)) !== undefined);
}

async function keyProblems(
  { keys, name }: RestoreRequest,
  { unlockKey }: Manifest,
): Promise<Problem[]> {
  if (unlockKey === null || (await keys.find(unlockKey.hash)) !== undefined) return [];
  return [
    {
      where: name,
      got: `no unlock key with hash ${unlockKey.hash.slice(0, 12)} in ${keys.where}`,
      need: `the file ${unlockKey.file}`,
      fix: "each backup needs the key of its time",
    },
  ];
}

/** The backup that is restored, the managers as they were found, and the one it is restored on. */
export interface CheckedRestore {
  readonly manifest: Manifest;
  readonly seen: readonly ManagerSeen[];
  readonly target: NodeHandle;
}

/**
 * Looks at everything and changes nothing: one UserError with all problems, or what the restore needs. `begun`: it goes on
 * with a restore that was interrupted.
 */
export async function checkRestore(
  request: RestoreRequest,
  begun: boolean,
): Promise<CheckedRestore> {
  const { place, name, nodes, fence, decryption, aliasAddress } = request;
  const {
    manifest,
    problems: broken,
    unpackedBytes,
  } = await verifyBackup(place, name, { decryption });
  const seen = await lookAtManagers(nodes);
  const { home, target } = findTarget(request, manifest, seen);
  const problems: Problem[] = [
    ...broken,
    ...clusterProblems(request, manifest),
    // A restore that goes on has that machine in the swarm again, maybe, at the end.
    ...(aliasAddress && !begun && !fence ? aliasProblems(home) : []),
    ...(await placeProblems(request, manifest, target, unpackedBytes)),
    ...(await livingProblems(request, seen)),
    ...(await keyProblems(request, manifest)),
  ];
  if (problems.length > 0 || target === undefined)
    throw new UserError(`restore: nothing was changed:\n${listProblems(problems)}`);
  return { manifest, seen, target: target.node };
}
