import type { NodeHandle } from "../../components/nodes/types.ts";
import { WaitError } from "../lib/wait.ts";
import { askManagers } from "../swarm/managers.ts";
import { finalRead, removeWrites } from "./final-read.ts";
import type { Record } from "./record.ts";
import { recoveries, Watch } from "./watch.ts";
import { startWriters, type Writers } from "./writers.ts";

interface StartOptions {
  readonly pause?: number;
  readonly managers?: readonly NodeHandle[];
}

/** The writers of a drill and the watch over what a user of the lab would see, from before the fault until it is healed. */
export class Traffic {
  private readonly own: readonly NodeHandle[];
  /** The lab's own, unless a drill has a swarm besides. */
  private managers: readonly NodeHandle[];
  private readonly urls: readonly string[];
  private readonly record: Record;
  private writers: Writers | undefined;
  private watch: Watch | undefined;

  constructor(managers: readonly NodeHandle[], urls: readonly string[], record: Record) {
    this.own = managers;
    this.managers = managers;
    this.urls = urls;
    this.record = record;
  }

  /**
   * Starts a writer on every manager, `pause` seconds between its writes; returns when each has acknowledged writes.
   * Requests to the lab's gateways say nothing of another swarm, and are not asked then.
   */
  async start({ pause, managers = this.own }: StartOptions = {}): Promise<void> {
    this.managers = managers;
    const urls = managers === this.own ? this.urls : [];
    const { runId } = this.record.evidence;
    this.writers = startWriters(this.managers, runId, {
      historyFile: this.record.file("history.jsonl"),
      ...(pause === undefined ? {} : { pause }),
    });
    this.watch = new Watch(this.managers, urls);
    await this.more(10 * this.managers.length, 60);
  }

  /** Waits until `count` more writes are acknowledged. */
  async more(count: number, seconds: number): Promise<void> {
    if (this.writers === undefined) throw new WaitError("no writer runs");
    await this.writers.waitForAcks(count, seconds);
  }

  /** Stops the writers and the watch, and reads through every manager what is there. Does nothing when none runs. */
  async end(): Promise<void> {
    const { writers, watch, record } = this;
    if (writers === undefined || watch === undefined) return;
    this.writers = undefined;
    const { evidence } = record;
    evidence.operations = await writers.stop();
    record.mark("writers-stopped");
    await watch.stop();
    const fault = evidence.marks.fault;
    if (fault !== undefined) {
      const first = evidence.operations
        .filter(({ result, start }) => result === "ok" && start >= fault)
        .reduce((least, { end }) => Math.min(least, end ?? least), Number.POSITIVE_INFINITY);
      if (Number.isFinite(first)) record.mark("api", first);
      for (const [name, at] of Object.entries(recoveries(watch.looks, fault)))
        record.mark(name, at);
    }
    evidence.reads = await Promise.all(
      this.managers.map((manager) => finalRead(manager, evidence.runId)),
    );
    // Another swarm than the lab's ends with its drill, and its writes with it.
    this.managers = this.own;
  }

  /** Takes the writes away again through whichever manager answers; says what it could not do. */
  async clean(): Promise<void> {
    const { record } = this;
    const answer = await askManagers(this.managers, "docker node ls --quiet");
    if (answer === undefined)
      return record.say("  no manager has a quorum: the drill's writes stay");
    await removeWrites(answer.manager, record.evidence.runId);
  }

  /** The same after a failure: what can still be read is read, and nothing is waited for. */
  async giveUp(): Promise<void> {
    const { record, writers } = this;
    const answer = await askManagers(this.managers, "docker node ls --quiet");
    try {
      if (answer !== undefined) {
        await this.end();
        await this.clean();
        return;
      }
      this.writers = undefined;
      record.evidence.operations = (await writers?.stop()) ?? [];
      await this.watch?.stop();
    } catch (error) {
      record.say(`  the writes cannot be read: ${(error as Error).message}`);
    }
  }
}
