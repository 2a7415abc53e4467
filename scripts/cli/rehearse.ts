import pc from "picocolors";
import type { LabDescription } from "../../stacks/outputs.ts";
import { locate } from "../backup/locate.ts";
import { backupSecrets, placesOf } from "../backup/operations.ts";
import { rehearse } from "../backup/rehearse.ts";
import { drawDifferences } from "./differences.ts";
import { report } from "./report.ts";

/** `npm run backup -- --rehearse BACKUP`: whether a swarm starts from it, and is the one that was. Returns the exit code. */
export async function rehearseBackup(
  description: LabDescription,
  text: string,
  json: boolean,
): Promise<number> {
  const { place: standard, keys } = placesOf(description);
  const { place, name } = await locate(text, standard);
  const { nodes } = description;
  const decryption = backupSecrets();
  const done = await rehearse({ nodes, place, name, keys, decryption, say: report });
  const { differences, isolation, seconds } = done;
  const alone = isolation.links.length === 0 && isolation.reached.length === 0;
  const same = differences.length === 0;
  if (json)
    console.log(JSON.stringify({ name, whole: same && alone, differences, isolation, seconds }));
  if (!same) report(drawDifferences(differences));
  if (!alone) {
    const reached = [...isolation.links, ...isolation.reached].join(", ");
    report(pc.red(`the rehearsal was not isolated: it could reach ${reached}`));
  }
  const verdict = same ? "the swarm that starts from it is the one that was" : "it is not whole";
  report((same && alone ? pc.green : pc.red)(`${name}: ${verdict} (${seconds.toFixed(1)} s)`));
  return same && alone ? 0 : 1;
}
