import { UserError } from "../../components/errors.ts";
import type { Ending, SeenState } from "./ending.ts";
import { hostsConfigured, recordedHosts, releaseHosts } from "./release-hosts.ts";

/** The end of a lab on hosts: each gets back what was taken from it. Undefined where there is none on record. */
export function hostsEnding(stack: string, state: SeenState): Ending | undefined {
  const readable = state !== "unreadable";
  const hosts = readable ? recordedHosts(state) : [];
  const configured = hostsConfigured(stack);
  if (hosts.length === 0 && !configured) return undefined;
  return {
    configured,
    // A host takes minutes to purge what was installed, and says nothing meanwhile.
    slow: hosts.length > 0,
    async prepare() {
      if (!readable)
        throw new UserError(
          `down: the state of stack ${stack} cannot be read, and nothing else knows what its hosts were given; mend it (\`pulumi stack export\`), or remove /etc/swarm-lab and the engine on each host by hand`,
        );
      if (hosts.length > 0) process.env.LAB_ENDING = "yes"; // read by the steps that take nodes out of the swarm
    },
    release: (say) => releaseHosts(hosts, say),
    confirm: async () => [],
  };
}
