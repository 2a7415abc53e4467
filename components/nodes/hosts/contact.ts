import type { Problem } from "../../errors.ts";
import type { Captured } from "../../process.ts";

/** ssh's own failure: the command never ran. */
const NO_WAY = 255;

/** A host as a message names it. */
export interface Contact {
  /** Where it stands in the configuration, such as `swarm-lab:hosts[0]`. */
  readonly where: string;
  readonly name: string;
  readonly ssh: string;
  readonly port: number;
  readonly user: string;
  readonly key: string;
}

/** Why a host could not be asked, in words for the person whose host it is. Pure; undefined when the answer is one. */
export function contactProblem(host: Contact, { code, stderr }: Captured): Problem | undefined {
  if (code === 0) return undefined;
  const { user, key } = host;
  const at = `${host.ssh}:${host.port}`;
  const last = stderr.trim().split("\n").filter(Boolean).at(-1) ?? "no output";
  const problem = (key: string, got: string, need: string, fix: string): Problem => ({
    ...{ where: `${host.where}.${key} (${host.name})`, got, need, fix },
  });
  if (code === 124)
    return problem(
      "ssh",
      `no end of the first command on ${at}`,
      "a host that answers",
      "look at its load and its network",
    );
  if (code !== NO_WAY && /sudo: /.test(stderr))
    return problem(
      "user",
      `${user}, and ${last}`,
      "root, or a user with sudo that asks for no password",
      `add \`${user} ALL=(ALL) NOPASSWD: ALL\` to a file in /etc/sudoers.d on the host`,
    );
  if (code !== NO_WAY)
    return problem("ssh", `code ${code} of the first command: ${last}`, "Debian or Ubuntu", "");
  if (/host key|REMOTE HOST IDENTIFICATION/i.test(stderr))
    return problem(
      "hostKey",
      `another key from ${at}`,
      "the one in the configuration",
      "if the host was installed anew, read its key on its own console; else somebody else answers there",
    );
  if (
    /no such identity|not accessible|invalid format|error in libcrypto|bad permissions/i.test(
      stderr,
    )
  )
    return problem(
      "key",
      `${key}, and ${last}`,
      "the file of a private key without a passphrase, or one that ssh-agent holds, with mode 0600",
      "correct the path",
    );
  if (/Permission denied/i.test(stderr))
    return problem(
      "key",
      `${key}, which ${user}@${at} does not accept`,
      "a key that is in the user's authorized_keys",
      `\`ssh-copy-id -i ${key} -p ${host.port} ${user}@${host.ssh}\``,
    );
  if (/Bad configuration option/i.test(stderr))
    return problem(
      "ssh",
      `a client that says "${last}"`,
      "OpenSSH 8.5 or newer on this machine",
      "update it",
    );
  return problem(
    "ssh",
    `no way to ${at}: ${last}`,
    "a host that SSH reaches",
    "is it on, and is the address right?",
  );
}
