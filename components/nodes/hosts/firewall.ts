import { type PortRule, REGISTRY_PORT, swarmPorts } from "../../swarm/ports.ts";
import { LABEL_REGISTRY } from "../plan.ts";
import { quoted } from "../quote.ts";
import type { NodeHandle } from "../types.ts";
import { CLAIM_FILE, type Claim, claimText } from "./claim.ts";

/** A node as far as the ways to it matter. */
export interface Place extends Pick<NodeHandle, "role" | "address"> {
  /** Whether the lab's registry is on it. */
  readonly registry: boolean;
}

export const placeOf = ({ role, address, labels }: NodeHandle): Place => ({
  ...{ role, address },
  registry: labels[LABEL_REGISTRY] !== undefined,
});

/** What a node lets in from another one: the swarm's ports and, where the registry is, the registry's. */
export function rulesFor(to: Pick<Place, "role" | "registry">, dataPathPort: number): PortRule[] {
  const registry: PortRule = {
    ...{ protocol: "tcp", port: REGISTRY_PORT, from: "node", to: "node" },
    why: "the lab's registry",
  };
  // ESP whatever is in force: an overlay that is encrypted later must not be dead without a word.
  return [...swarmPorts(dataPathPort, true), ...(to.registry ? [registry] : [])].filter(
    (rule) => rule.to === "node" || rule.to === to.role,
  );
}

/** A rule as `ufw show added` prints it, without its action. */
const ufwRule = (from: string, { protocol, port }: PortRule) =>
  port === undefined
    ? `from ${from} proto ${protocol}`
    : `from ${from} to any port ${port} proto ${protocol}`;

function firewalldRule(from: string, { protocol, port }: PortRule): string {
  const what =
    port === undefined
      ? `protocol value="${protocol}"`
      : `port port="${port}" protocol="${protocol}"`;
  return `rule family="ipv4" source address="${from}" ${what} accept`;
}

/** The rules that the lab added to a host's firewalls, one a line: those that were there before are somebody's own. */
const ADDED = "/etc/swarm-lab/firewall";

/** Hosts are made ready side by side, and each opens the others as well: one at a time notes and adds. */
const alone = (lines: string) => `{ flock 9\n${lines}\n} 9>>${ADDED}.lock`;

/** Each rule is noted before it is added, so that it is taken back whatever happens. What ufw says has to be English. */
const open = (ufw: readonly string[], firewalld: readonly string[]) => `export LC_ALL=C
note() { grep -qxF "$1" ${ADDED} 2>/dev/null || echo "$1" >>${ADDED}; }
if ufw status 2>/dev/null | grep -q '^Status: active'; then
  there=$(ufw show added | sed "s/ comment '.*'\\$//; s/^ufw //")
  each() {
    was=$(printf '%s\\n' "$there" | awk -v rule="$1" 'substr($0, index($0, " ") + 1) == rule { print $1; exit }')
    case "$was" in
      allow) ;;
      "") note "ufw $1"; ufw allow $1 >/dev/null ;;
      *) echo "ufw has '$was $1', which stays: nothing comes in there" ;;
    esac
  }
  ${ufw.join("\n  ")}
fi
if firewall-cmd --state >/dev/null 2>&1; then
  # What is kept and what is in force now, each by itself: a reload would drop what the user has in force alone.
  each() {
    firewall-cmd --quiet --permanent --query-rich-rule="$1" || {
      note "firewalld kept $1"; firewall-cmd --quiet --permanent --add-rich-rule="$1"; }
    firewall-cmd --quiet --query-rich-rule="$1" || {
      note "firewalld now $1"; firewall-cmd --quiet --add-rich-rule="$1"; }
  }
  ${firewalld.join("\n  ")}
fi`;

/**
 * Shell that lets the peers in to a node, through whichever host firewall is on, for exactly the ports of a swarm. May be
 * repeated. Rules of the user's own, and nftables by hand, are not touched; one that stands against it is printed. A host
 * that is not claimed yet is left alone: it opens itself when it is made ready.
 */
export function openScript(
  to: Place,
  peers: readonly Pick<Place, "address">[],
  { dataPathPort, claim }: { readonly dataPathPort: number; readonly claim: Claim },
): string {
  const rules = rulesFor(to, dataPathPort);
  const each = (text: (from: string, rule: PortRule) => string) =>
    peers.flatMap(({ address }) => rules.map((rule) => `each ${quoted(text(address, rule))}`));
  if (peers.length === 0) return "true";
  const script = alone(open(each(ufwRule), each(firewalldRule)));
  const claimed = `[ "$(cat ${CLAIM_FILE} 2>/dev/null)" = ${quoted(claimText(claim))} ]`;
  return `${claimed} || exit 0\n${script}`;
}

/** Takes back what a line of the note says. A firewall that is off now keeps its rules, and may be switched on again. */
const TAKE_BACK = `rule=\${line#firewalld * }
  case "$line" in
    "ufw "*) ufw --force delete allow \${line#ufw } ;;
    "firewalld kept "*) firewall-cmd --permanent --remove-rich-rule="$rule" || firewall-offline-cmd --remove-rich-rule="$rule" ;;
    # A rule that the user keeps comes into force at a restart, and is the user's then.
    "firewalld now "*) firewall-cmd --permanent --query-rich-rule="$rule" || firewall-cmd --remove-rich-rule="$rule" ;;
  esac </dev/null >/dev/null 2>&1 || true`;

/** Shell that takes back the rules that the lab added: those for one address, or all. Others stay. */
export function closeScript(from?: string): string {
  const words = from === undefined ? [""] : [`from ${from} `, `address="${from}"`];
  const close = `while IFS= read -r line; do
  case "$line" in ${words.map((word) => `*${quoted(word)}*`).join("|")}) ;; *) continue ;; esac
  ${TAKE_BACK}
done <${ADDED}
{ grep -vF ${words.map((word) => `-e ${quoted(word)}`).join(" ")} ${ADDED} || true; } >${ADDED}.new
mv ${ADDED}.new ${ADDED}`;
  return `if [ -e ${ADDED} ]; then\n${alone(close)}\nfi`;
}
