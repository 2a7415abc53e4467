import type { Claim, Drill } from "./drill.ts";

const HOLDS: Readonly<Record<Claim["holds"], string>> = {
  yes: "yes",
  partly: "in part",
  no: "**no**",
};

const plain = (text: string) => text.trim().replace(/\.$/, "").replaceAll("|", "\\|");

/**
 * What study notes say, whether it holds, what is seen of it, and the drill that shows it: a Markdown table, from the
 * drills' own metadata, in the catalogue's order.
 */
export function claimsTable(drills: readonly Drill[]): string {
  const rows = drills.flatMap(({ name, claims = [] }) =>
    claims.map(
      ({ says, shows, holds }) =>
        `| ${plain(says)} | ${HOLDS[holds]} | ${plain(shows)} | [\`${name}\`](components/drills/catalogue/${name}.ts) |`,
    ),
  );
  return [
    "| The notes say | Holds | What is seen | Drill |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
