import { refuse } from "../../errors.ts";
import { capture } from "../../process.ts";

/**
 * Refuses with a UserError what this machine lacks to reach instances: through Session Manager the AWS CLI goes by a program
 * of its own. `ssh`: the network from which SSH is open; absent: none.
 */
export async function requireTools(ssh: string | undefined): Promise<void> {
  if (ssh !== undefined) return;
  const { code } = await capture("session-manager-plugin", ["--version"]);
  if (code === 0) return;
  refuse("this machine could not reach the instances; nothing was changed", [
    {
      where: "session-manager-plugin",
      got: "none on PATH, and SSH that is closed (swarm-lab:aws.ssh)",
      need: "it, for commands on the nodes through Session Manager",
      fix: "install it as AWS's user guide says, or name the network of this machine in swarm-lab:aws.ssh",
    },
  ]);
}
