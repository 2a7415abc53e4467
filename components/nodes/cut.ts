/** Chain of packet rules that belongs to cuts between nodes, and to nothing else. */
const CHAIN = "SWARM-LAB-CUT";
const IPTABLES = "iptables --wait 5 --table raw";
const HOOK = `PREROUTING -m comment --comment swarm-lab-cut -j ${CHAIN}`;

/**
 * Shell for a node that drops whatever comes from the addresses, by whatever protocol (VXLAN and ESP as well), before
 * anything on the node sees it. With the same on the other side nothing passes either way. It replaces an earlier cut; a
 * machine that starts anew has forgotten it.
 */
export const cutFrom = (addresses: readonly string[]): string =>
  [
    `${IPTABLES} -N ${CHAIN} 2>/dev/null || ${IPTABLES} -F ${CHAIN}`,
    ...addresses.map((address) => `${IPTABLES} -A ${CHAIN} -s ${address} -j DROP`),
    `${IPTABLES} -C ${HOOK} 2>/dev/null || ${IPTABLES} -I ${HOOK}`,
  ].join("\n");

/** Shell for a node that takes its cut away, whoever made it and however far he came. Without one it does nothing. */
export const UNCUT = `while ${IPTABLES} -C ${HOOK} 2>/dev/null; do ${IPTABLES} -D ${HOOK}; done
if ${IPTABLES} -S ${CHAIN} >/dev/null 2>&1; then ${IPTABLES} -F ${CHAIN}; ${IPTABLES} -X ${CHAIN}; fi`;
