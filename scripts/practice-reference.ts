/** Prints the tables of exercises and of the exam's objectives, writes them into the README, or checks those that stand there. */
import { EXERCISES } from "../components/practice/catalogue/index.ts";
import { objectivesTable } from "../components/practice/objective-table.ts";
import { OBJECTIVES } from "../components/practice/objectives.ts";
import { exercisesTable } from "../components/practice/table.ts";
import { runSectionProgram } from "./lib/section-program.ts";

const command = "node scripts/practice-reference.ts --write";

runSectionProgram({
  name: "practice-reference",
  description: "The exercises by the exam's domains, and the exam's objectives, as Markdown tables",
  sections: [
    {
      ...{ name: "exercises", what: "table of exercises", source: "the exercises make", command },
      text: () => exercisesTable(EXERCISES),
    },
    {
      ...{ name: "objectives", what: "map of objectives", source: "the objectives make", command },
      text: () => objectivesTable(OBJECTIVES),
    },
  ],
});
