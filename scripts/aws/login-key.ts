import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../components/errors.ts";
import { loginKeyFile } from "../../components/nodes/aws/instance-options.ts";
import { capture } from "../../components/process.ts";

const COMMENT = "swarm-lab";

async function keygen(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await capture("ssh-keygen", args);
  if (code === 0) return stdout;
  const got = stderr.trim() || `exit code ${code}`;
  throw new UserError(
    `the key for instances on AWS: got "${got}" of ssh-keygen, need a key in ${loginKeyFile()}; remove that file, and another one is made`,
  );
}

/** Made apart and then named, whole or not at all: of several processes that make one at once, the first one's stays. */
async function make(file: string): Promise<void> {
  const own = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    await keygen("-q", "-t", "ed25519", "-N", "", "-C", COMMENT, "-f", own);
    await link(own, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await Promise.all([own, `${own}.pub`].map((each) => rm(each, { force: true })));
  }
}

/**
 * The public key with which this machine enters instances, as a line of authorized_keys. The private one is made where there
 * is none, readable by its owner alone. A UserError where there is none to be had.
 */
export async function loginKey(): Promise<string> {
  const file = loginKeyFile();
  if (!existsSync(file)) await make(file);
  const [type = "", key = ""] = (await keygen("-y", "-f", file)).trim().split(" ");
  return `${type} ${key} ${COMMENT}`;
}
