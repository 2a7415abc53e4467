import { Command } from "commander";
import { UserError } from "../../components/errors.ts";
import { checkSection, type MarkedSection, writeSection } from "./marked-section.ts";

export interface SectionProgram {
  readonly name: string;
  readonly description: string;
  /** What it prints, and keeps in a file. */
  readonly sections: readonly MarkedSection[];
  /** Something else that it can print instead. */
  readonly other?: { readonly flag: string; readonly says: string; readonly text: () => string };
}

/**
 * Runs a program that prints sections of the README, writes them into it (`--write FILE`), or fails when those that stand
 * there are others (`--check FILE`). A user's mistake is told without a stack.
 */
export function runSectionProgram({ name, description, sections, other }: SectionProgram): void {
  const program = new Command(name)
    .description(description)
    .option("--check <file>", "fail when what stands in it is something else")
    .option("--write <file>", "replace what stands in it");
  if (other !== undefined) program.option(other.flag, other.says);
  program.action((options: Record<string, string | boolean | undefined>) => {
    const { check, write, ...rest } = options;
    if (typeof check === "string") for (const section of sections) checkSection(check, section);
    else if (typeof write === "string")
      for (const section of sections) writeSection(write, section);
    else if (other !== undefined && Object.keys(rest).length > 0)
      process.stdout.write(`${other.text()}\n`);
    else process.stdout.write(`${sections.map(({ text }) => text()).join("\n\n")}\n`);
  });
  try {
    program.parse();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const expected = error instanceof UserError || "code" in error;
    process.stderr.write(`${expected ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
