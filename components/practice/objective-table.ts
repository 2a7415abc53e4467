import { DOMAINS, type Domain } from "./domains.ts";
import type { Objective } from "./objectives.ts";

const linked = (folder: string) => (name: string) => `[\`${name}\`](${folder}/${name}.ts)`;
const listed = (names: readonly string[], folder: string) => names.map(linked(folder)).join(", ");

/** What shows an objective, as a cell: its exercises, its drills, or why neither does. */
function shown({ exercises, drills, outside }: Objective): [string, string] {
  if (outside !== undefined) return [`none: ${outside}`, ""];
  return [
    listed(exercises, "components/practice/catalogue"),
    listed(drills, "components/drills/catalogue"),
  ];
}

/** The exam's objectives by domain, with the exercises and drills for each, as a Markdown table. Pure. */
export function objectivesTable(objectives: readonly Objective[]): string {
  const rows = (Object.keys(DOMAINS) as Domain[]).flatMap((domain) =>
    objectives
      .filter((one) => one.domain === domain)
      .map((one, at) => {
        const head = at === 0 ? `${DOMAINS[domain].title} (${DOMAINS[domain].weight} %)` : "";
        return `| ${[head, one.says, ...shown(one)].join(" | ")} |`;
      }),
  );
  return ["| Domain | Objective | Exercises | Drills |", "| --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}
