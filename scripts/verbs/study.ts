import { type AddVerb, chosen, JSON_OPTION } from "./verb.ts";

/** What a person learns by: exercises, the exam, the report. */
export function addStudyVerbs(verb: AddVerb): void {
  verb("practice", "do exercises on the lab, and have them graded", async (command) =>
    (await import("../cli/practice.ts")).practice(
      await chosen(command),
      command.args,
      command.opts(),
    ),
  )
    .argument("[action]", "start, check, hint, solve or reset; left out: the list")
    .argument("[exercise]", "the exercise to start")
    .option("--list", "the exercises, what each is about, and which are done")
    .option("--random", "start one that breaks something, without saying what")
    .option("--seed <text>", "the one that is drawn (default: another each time)")
    .option("--cause <letter>", "with check, of one that was drawn: what was broken")
    .option(...JSON_OPTION);

  verb("exam", "exercises drawn by the exam's domains, against the clock", async (command) =>
    (await import("../cli/exam.ts")).exam(await chosen(command), command.args, command.opts()),
  )
    .argument("[action]", "next: hand in and go on; end: end it; left out: begin, or go on")
    .option("--minutes <number>", "how long it takes (default: 45)")
    .option("--seed <text>", "what is drawn (default: another each time)")
    .option(...JSON_OPTION);

  verb(
    "report",
    "one HTML file of all that the lab recorded, or a live page of it",
    async (command) =>
      (await import("../cli/report-page.ts")).reportPage(await chosen(command), command.opts()),
  )
    .option("--out <file>", "where it is written (default: report.html in the lab's reports)")
    .option("--runs <number>", "runs of a drill that are told in full (default: 5)")
    .option("--serve", "serve it on loopback, and keep it up to date while a drill or an exam runs")
    .option("--port <number>", "the port of --serve (default: one that is free)")
    .option(...JSON_OPTION);
}
