import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { UserError } from "../../components/errors.ts";
import { knownHostFile } from "../../components/nodes/aws/instance-options.ts";
import { quoted } from "../../components/nodes/quote.ts";
import type { InstanceConnection } from "../../components/nodes/types.ts";
import { loginKey } from "./login-key.ts";
import { runCommand } from "./run-command.ts";

/** Lets the key in to a user, once, and prints the host's own. Run as root, after cloud-init has made the host's keys. */
export const admitScript = (user: string, key: string): string => `set -eu
home=$(getent passwd ${quoted(user)} | cut -d: -f6)
install -d -m 700 -o ${quoted(user)} "$home/.ssh"
file="$home/.ssh/authorized_keys"
grep -qsxF ${quoted(key)} "$file" || echo ${quoted(key)} >>"$file"
chown ${quoted(user)}: "$file"; chmod 600 "$file"
cat /etc/ssh/ssh_host_ed25519_key.pub`;

/** An instance's host key in what it printed: a UserError where there is none. */
function hostKeyIn(text: string, node: string): string {
  const [, key] = /^(ssh-ed25519 [A-Za-z0-9+/=]+)(?: .*)?$/m.exec(text) ?? [];
  if (key !== undefined) return key;
  throw new UserError(
    `${node}: got "${text.trim().slice(0, 200)}" as its host key, need one of type ssh-ed25519; look at its log in EC2's console`,
  );
}

/**
 * Makes this machine and an instance known to one another, by way of AWS: the instance lets this machine's key in, and tells
 * its host key, which is the only one that ssh accepts from then on. Both are done once for an instance and a key; another
 * instance behind the same connection is asked anew. `interval`: seconds between looks at its answer.
 */
export async function acquaint(
  connection: InstanceConnection,
  instance: string,
  interval?: number,
): Promise<void> {
  const { host, user } = connection;
  const { region, node } = connection.instance;
  const file = knownHostFile(connection);
  const key = await loginKey();
  // The first line says for whom the rest is; to ssh it is a comment.
  const title = `# ${instance} lets in ${key}`;
  const known = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return "";
  });
  if (known.startsWith(`${title}\n`)) return;
  const question = { region, purpose: node, ...(interval === undefined ? {} : { interval }) };
  const said = await runCommand(instance, admitScript(user, key), question);
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, `${title}\n${host} ${hostKeyIn(said, node)}\n`, { mode: 0o600 });
  await rename(own, file);
}
