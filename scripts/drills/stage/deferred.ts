import type { Record } from "../record.ts";

/** What a drill has promised to undo. */
export class Deferred {
  private readonly record: Pick<Record, "step" | "fact" | "say">;
  private readonly waiting: { readonly what: string; readonly work: () => Promise<unknown> }[] = [];
  private readonly failed: { readonly what: string; readonly error: string }[] = [];

  constructor(record: Pick<Record, "step" | "fact" | "say">) {
    this.record = record;
  }

  add(what: string, work: () => Promise<unknown>): void {
    this.waiting.push({ what, work });
  }

  /**
   * Does all of it, the last promised first, what is promised meanwhile included; nothing is done twice. What failed is
   * said and kept as the fact `cleanUp`. Returns it as a reason; undefined when nothing ever failed.
   */
  async run(): Promise<string | undefined> {
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
      const { what, work } = next;
      try {
        await this.record.step(null, `(clean-up: ${what})`, work);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown.message : String(thrown);
        this.record.say(`  clean-up: ${what}: ${error}`);
        this.failed.push({ what, error });
        this.record.fact("cleanUp", this.failed);
      }
    }
    if (this.failed.length === 0) return undefined;
    return `cleaning up failed: ${this.failed.map(({ what, error }) => `${what}: ${error}`).join("; ")}`;
  }
}
