import type { SwarmFingerprint } from "../backup/fingerprint.ts";
import type { Manifest } from "../backup/manifest.ts";
import { type Check, checkEqual } from "./verdict.ts";

/**
 * Whether a restored swarm is the one that the manifest is of: cluster id, the manager's node id, root CA, join tokens and
 * autolock. `newNode`: the backup went to another machine, which joins anew in the end and so has a node id of its own.
 */
export function judgeIdentity(
  { node, fingerprint }: Pick<Manifest, "node" | "fingerprint">,
  after: SwarmFingerprint,
  { newNode = false }: { readonly newNode?: boolean } = {},
): Check[] {
  const id = after.nodes.find(({ hostname }) => hostname === node.name)?.id;
  return [
    checkEqual("the cluster is the same", fingerprint.clusterId, after.clusterId),
    ...(newNode ? [] : [checkEqual("the restored manager has its node id", node.id, id)]),
    checkEqual("the root CA is the same", fingerprint.caFingerprint, after.caFingerprint),
    checkEqual("the join tokens are the same", fingerprint.tokens, after.tokens),
    checkEqual("autolock is as it was", fingerprint.settings.autolock, after.settings.autolock),
  ];
}
