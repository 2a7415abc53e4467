import { readFileSync } from "node:fs";
import { type Evidence, parseEvidence } from "../../components/drills/evidence.ts";

const text = readFileSync(new URL("fixtures/drill-evidence.jsonl", import.meta.url), "utf8");

/** What a run of a drill on a real lab recorded, cut down to some of its writes. Each call reads it anew. */
export function savedEvidence(drill: string): Evidence {
  const all = text.trim().split("\n").map(parseEvidence);
  const found = all.find((evidence) => evidence.drill === drill);
  if (found === undefined) throw new Error(`no evidence of ${drill} is saved`);
  return found;
}
