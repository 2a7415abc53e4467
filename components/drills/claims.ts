import type { ClaimBeside } from "./claims-beside.ts";
import type { Claim } from "./drill.ts";

const HOLDS: Readonly<Record<Claim["holds"], string>> = {
  yes: "yes",
  partly: "in part",
  no: "**no**",
};

const plain = (text: string) => text.trim().replace(/\.$/, "").replaceAll("|", "\\|");

const row = ({ says, shows, holds }: Claim, name: string, file: string) =>
  `| ${plain(says)} | ${HOLDS[holds]} | ${plain(shows)} | [${name}](${file}) |`;

/** What shows claims: a drill, or an exercise with the folder of its file. */
export interface ClaimSource {
  readonly name: string;
  readonly claims?: readonly Claim[];
  readonly folder?: string;
}

/**
 * What study notes say, whether it holds, what is seen of it, and what shows it: a Markdown table, from the drills' and
 * exercises' own metadata in the catalogues' order, then from what shows it without a drill; below it what nothing shows yet.
 */
export function claimsTable(
  sources: readonly ClaimSource[],
  beside: readonly ClaimBeside[] = [],
  open: readonly string[] = [],
): string {
  const rows = sources.flatMap(({ name, claims = [], folder = "components/drills/catalogue" }) =>
    claims.map((claim) => row(claim, `\`${name}\``, `${folder}/${name}.ts`)),
  );
  const others = beside.map((claim) => row(claim, claim.by.replace(/^.*\//, ""), claim.by));
  return [
    "| The notes say | Holds | What is seen | Shown by |",
    "| --- | --- | --- | --- |",
    ...rows,
    ...others,
    ...(open.length > 0 ? ["", `Not shown yet: ${open.map(plain).join("; ")}.`] : []),
  ].join("\n");
}
