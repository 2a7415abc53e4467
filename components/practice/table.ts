import { DOMAINS, type Domain } from "./domains.ts";
import type { Exercise } from "./exercise.ts";

const cell = (text: string) => text.replaceAll("|", "\\|");

/** The exercises by the exam's domains, as a Markdown table; faults are those that can be drawn without being told. */
export function exercisesTable(exercises: readonly Exercise[]): string {
  const rows = (Object.keys(DOMAINS) as Domain[]).flatMap((domain) => {
    const { title, weight } = DOMAINS[domain];
    return exercises
      .filter((one) => one.domain === domain)
      .map(({ name, topic, minutes, difficulty, symptom }, at) => {
        const first = at === 0 ? `${title} (${weight} %)` : "";
        const file = `components/practice/catalogue/${name}.ts`;
        const what = symptom === undefined ? topic : `${topic} (a fault)`;
        return `| ${first} | [\`${name}\`](${file}) | ${cell(what)} | ${minutes} | ${"*".repeat(difficulty)} |`;
      });
  });
  return [
    "| Domain and weight | Exercise | Topic | Minutes | |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
