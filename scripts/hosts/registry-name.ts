import { quoted } from "../../components/nodes/quote.ts";

/** What cloud-init writes /etc/hosts from, on Debian and Ubuntu. Where it does so at every boot, the file itself says so. */
const TEMPLATE = "/etc/cloud/templates/hosts.debian.tmpl";
const MANAGED = "manage_etc_hosts";

/** Takes the lab's lines out of a file; what is printed then comes after the rest of it. The file stays the same one. */
const REWRITE = `rewrite() {
  { grep -v '# swarm-lab$' "$1" || true; printf %s "$2"; } >"$1.new"; cat "$1.new" >"$1"; rm "$1.new"; }`;

/**
 * Shell that gives others a name on a host, for as long as nobody takes it back: over a reboot of a cloud's image, too. Of
 * several addresses the engine tries the first one, and where that does not take a connection the next.
 */
export function nameScript(addresses: readonly string[], name: string): string {
  const line = quoted(addresses.map((address) => `${address} ${name} # swarm-lab\n`).join(""));
  return `${REWRITE}
rewrite /etc/hosts ${line}
if [ -e ${TEMPLATE} ] && grep -q ${MANAGED} /etc/hosts; then rewrite ${TEMPLATE} ${line}; fi`;
}

/** Shell that takes it back. A file without it is not written. */
export const UNNAME = `${REWRITE}
for file in /etc/hosts ${TEMPLATE}; do
  if grep -qs '# swarm-lab$' "$file"; then rewrite "$file" ''; fi
done`;
