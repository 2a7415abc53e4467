/** `dockerd` flags that the lab sets itself, or that break a swarm, with the reason for each. */
const OWNED: Readonly<Record<string, string>> = {
  "--host": "the lab opens the engine API itself, only with mutual TLS",
  "-H": "the lab opens the engine API itself, only with mutual TLS",
  "--tls": "the lab makes the certificates of the engine API",
  "--tlsverify": "the lab makes the certificates of the engine API",
  "--tlscacert": "the lab makes the certificates of the engine API",
  "--tlscert": "the lab makes the certificates of the engine API",
  "--tlskey": "the lab makes the certificates of the engine API",
  "--data-root": "the node's volume is mounted at /var/lib/docker",
  "-g": "the node's volume is mounted at /var/lib/docker",
  "--exec-root": "the lab finds the engine's run-time files in their usual place",
  "--pidfile": "the lab finds the engine's run-time files in their usual place",
  "-p": "the lab finds the engine's run-time files in their usual place",
  "--config-file": "a file's settings would clash with the lab's flags",
  "--live-restore": "engines refuse it in swarm mode",
  "--firewall-backend": "engines refuse nftables in swarm mode, and iptables is the default",
  "--iptables": "without iptables neither overlays nor published ports work",
  "--bridge": "swarm needs the engine's bridges",
  "-b": "swarm needs the engine's bridges",
  "--swarm-default-advertise-addr": "each node advertises its planned address",
  "--validate": "the engine would end instead of running",
  "--version": "the engine would end instead of running",
  "-v": "the engine would end instead of running",
  "--help": "the engine would end instead of running",
};

const FLAG = /^--?[a-zA-Z][a-zA-Z0-9-]*(=.*)?$/s;

/** What is needed instead of `flag`, or nothing when it may be passed on. */
export function engineFlagNeed(flag: string, need: string): string | undefined {
  if (!FLAG.test(flag)) return need;
  const word = flag.split("=", 1)[0] ?? "";
  // pflag also reads -Hvalue; a long flag with one hyphen would be read as a row of short ones.
  const key = word.startsWith("--") ? word : word.slice(0, 2);
  const reason = OWNED[key];
  return reason ? `a flag that is not the lab's own: ${reason}; remove it` : undefined;
}
