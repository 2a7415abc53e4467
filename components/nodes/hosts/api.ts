import { capture } from "../../process.ts";
import { connectTime, failureOf } from "../aws/instance-options.ts";
import type { ApiEntrance } from "../engine-api.ts";
import type { SshApi } from "../provider.ts";
import { apiOptions } from "../shell.ts";

/** An engine API through SSH: the host's own login says who may ask, so no certificate is shown. */
export function sshEntrance({ name, connection }: SshApi): ApiEntrance {
  const { user, host, port } = connection;
  return {
    place: `${name}, over SSH,`,
    manager: { name, connection },
    async ask() {
      const options = ["-p", String(port), "-l", user, ...apiOptions(connection), host];
      const list = ["docker", "node", "ls", "--quiet"];
      const args = [...options, "--", ...list];
      const { code, stderr } = await capture("ssh", args, {
        timeout: 20_000 + connectTime(connection),
      });
      return code === 0
        ? { done: `ssh://${user}@${host}:${port}` }
        : {
            waiting: `${name} says ${`${stderr}${failureOf(connection)}`.trim() || `code ${code}`}`,
          };
    },
    providerArgs: () => ({ sshOpts: apiOptions(connection) }),
  };
}
