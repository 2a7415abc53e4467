import { openKeyFile as open } from "../../components/backup/key-file.ts";
import { onDisk } from "../../components/nodes/disk.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";

const FILE = "/var/lib/docker/swarm/certificates/swarm-node.key";

/**
 * Opens the key file of a node whose engine is off, so that it starts as one without autolock. Done again it changes
 * nothing. The key goes through this process's memory only.
 */
export async function openKeyFile(node: NodeHandle, unlockKey: string): Promise<void> {
  const sealed = await onDisk(node, "reading its key file", `cat ${FILE}`);
  const clear = open(sealed, unlockKey);
  if (clear === sealed) return;
  const script = `umask 077; cat > ${FILE}.new; sync; mv ${FILE}.new ${FILE}`;
  await onDisk(node, "writing its key file", script, { stdin: clear });
}
