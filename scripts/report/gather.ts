import { join } from "node:path";
import type { LabSeen, ReportInput } from "../../components/report/input.ts";
import { labName } from "../cli/paths.ts";
import { readPractice } from "./read-practice.ts";
import { foldersIn, RunsReader } from "./read-runs.ts";

type Look = (stack: string) => Promise<LabSeen | { readonly unseen: string }>;

export interface GatherOptions {
  readonly stack: string;
  /** The folder of all labs' reports. */
  readonly reports: string;
  readonly look: Look;
}

/** Reads all that a report is made from, again and again for one that is live. It changes nothing. */
export class Gatherer {
  private readonly options: GatherOptions;
  private readonly runs: RunsReader;
  private seen: ReportInput["seen"] | undefined;

  constructor(options: GatherOptions) {
    this.options = options;
    this.runs = new RunsReader(join(options.reports, labName(options.stack)));
  }

  /** Looks at the lab itself, which costs a request to each manager. */
  async look(): Promise<void> {
    this.seen = await this.options.look(this.options.stack);
  }

  /** All that was recorded, with the lab as it was last looked at; `stamp` differs when anything of it does. */
  async read(): Promise<{ readonly input: ReportInput; readonly stamp: string }> {
    const { stack, reports } = this.options;
    if (this.seen === undefined) await this.look();
    const { seen = { unseen: "the lab was not looked at" } } = this;
    const [{ runs, unreadable, withheld, stamp }, practice, labs] = await Promise.all([
      this.runs.read(),
      readPractice(stack),
      foldersIn(reports),
    ]);
    const lab = labName(stack);
    const input: ReportInput = {
      ...{ lab, at: Date.now(), seen, runs, withheld },
      ...{ done: practice.done, exams: practice.exams, atWork: practice.atWork },
      unreadable: [...unreadable, ...practice.unreadable],
      otherLabs: labs.filter((one) => one !== lab),
    };
    return { input, stamp: JSON.stringify([stamp, practice, seen, labs]) };
  }
}
