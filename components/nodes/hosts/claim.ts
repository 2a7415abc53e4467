import { quoted } from "../quote.ts";

/**
 * File on a host that says whose it is: the lab's name, for people, and an id that one stack alone has, as another checkout
 * may have a lab of the same name.
 */
export const CLAIM_FILE = "/etc/swarm-lab/lab";

export interface Claim {
  readonly lab: string;
  /** The stack's own id; undefined while it has none, and so cannot have claimed a host. */
  readonly id: string | undefined;
}

/** A claim as a host tells it; both parts are empty where nobody claimed it. Hosts of an earlier version have no id. */
export interface SeenClaim {
  readonly lab: string;
  readonly id: string;
}

/** What the file says of a host that is claimed. */
export const claimText = ({ lab, id }: Claim): string => `${lab} ${id ?? ""}`.trim();

export function parseClaim(text: string): SeenClaim {
  const [lab = "", id = ""] = text.trim().split(" ");
  return { lab, id };
}

/** Whether a host is this stack's. One without an id is told by its name. */
export const isOurs = (seen: SeenClaim, own: Claim): boolean =>
  seen.lab === own.lab && (seen.id === "" || seen.id === own.id);

/** Shell that claims a host, and prints whose it is: the caller's now, or whoever was first. Of two at once one is. */
export function claimScript(claim: Claim): string {
  const [file, own] = [CLAIM_FILE, `${CLAIM_FILE}.$$`];
  return `mkdir -p "$(dirname ${file})"
echo ${quoted(claimText(claim))} >${own}
if [ "$(cat ${file} 2>/dev/null)" = ${quoted(claim.lab)} ]; then mv ${own} ${file}; fi
if [ -e ${own} ]; then ln ${own} ${file} 2>/dev/null || true; rm ${own}; fi
cat ${file}`;
}
