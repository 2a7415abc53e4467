import type { Report } from "../cli/report.ts";

/** One thing set-up brings. */
export interface Step {
  readonly name: string;
  /**
   * Whether nothing has to be done: a cheap look that changes nothing. Throws a UserError when something is missing
   * that set-up cannot bring here.
   */
  done(): Promise<boolean>;
  /** Brings it. May be cut off anywhere: the next run looks again and goes on. */
  run(report: Report): Promise<void>;
}
