import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UserError } from "../../components/errors.ts";
import { note } from "../../scripts/backup/journal.ts";
import { RestoreJournal } from "../../scripts/backup/restore-journal.ts";
import { NAME } from "./backup-support.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-lab-journal-"));
  file = join(folder, "lab", "restore.json");
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const OTHER = "2026-11-22T10-03-22Z-m2";
const open = () => RestoreJournal.open(file, NAME);
const nothing = async () => undefined;

describe("the journal of a restore", () => {
  test("is not there before the first step", async () => {
    const journal = await open();
    expect(journal.done("fence")).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  test("is on the disk before a step begins, so that the stamp of what it moves is known", async () => {
    vi.useFakeTimers({ now: Date.parse("2026-11-21T10:44:30.507Z"), toFake: ["Date"] });
    const journal = await open();
    expect(journal.stamp).toBe("2026-11-21T10-44-30Z");
    await journal.step("aside", async () => {
      const noted = { backup: NAME, stamp: "2026-11-21T10-44-30Z", done: [] };
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(noted);
    });
    expect(journal.done("aside")).toBe(true);
  });

  test("goes on after the steps that were done, under the first stamp", async () => {
    vi.useFakeTimers({ now: Date.parse("2026-11-21T10:44:30Z"), toFake: ["Date"] });
    await (await open()).step("fence", nothing);
    vi.setSystemTime(Date.parse("2026-11-21T11:00:00Z"));
    const later = await open();
    expect(later.stamp).toBe("2026-11-21T10-44-30Z");
    expect(later.done("fence")).toBe(true);
    const work = vi.fn(nothing);
    await later.step("fence", work);
    expect(work).not.toHaveBeenCalled();
    await later.step("aside", work);
    expect(work).toHaveBeenCalledOnce();
    expect((await open()).done("aside")).toBe(true);
  });

  test("does a step that failed again", async () => {
    const journal = await open();
    const fails = () => Promise.reject(new Error("no power"));
    await expect(journal.step("fence", fails)).rejects.toThrow("no power");
    expect(journal.done("fence")).toBe(false);
    expect((await open()).done("fence")).toBe(false);
  });

  test("refuses another backup while a restore is not finished, and says what to do", async () => {
    await (await open()).step("fence", nothing);
    const before = readFileSync(file, "utf8");
    await expect(RestoreJournal.open(file, OTHER)).rejects.toEqual(
      new UserError(
        `restore: got ${OTHER}, need ${NAME}, whose restore was interrupted; finish that one first, or remove ${file} to begin another`,
      ),
    );
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("takes another backup once a restore is finished", async () => {
    const journal = await open();
    await journal.step("fence", nothing);
    await journal.close();
    expect(existsSync(file)).toBe(false);
    expect((await RestoreJournal.open(file, OTHER)).done("fence")).toBe(false);
  });

  test("goes by the last whole note when it was killed while it wrote", async () => {
    await (await open()).step("fence", nothing);
    writeFileSync(`${file}.new`, '{"backup":"2026-1'); // killed before the rename
    const later = await open();
    expect(later.done("fence")).toBe(true);
    await later.step("aside", nothing);
    expect((await open()).done("aside")).toBe(true);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test("begins anew when it was killed before its first note was whole", async () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, '{"back');
    const journal = await open();
    await journal.step("fence", nothing);
    expect((await open()).done("fence")).toBe(true);
  });

  test("leaves no half note behind when it is finished", async () => {
    const journal = await open();
    await journal.step("fence", nothing);
    writeFileSync(`${file}.new`, "{");
    await (await open()).close();
    expect([existsSync(file), existsSync(`${file}.new`)]).toEqual([false, false]);
  });
});

describe("the note of what a backup put aside", () => {
  const read = () => JSON.parse(readFileSync(file, "utf8")) as unknown;

  test("holds the engine and the services, the last word of each kind", async () => {
    await note(file, { engine: "m2" });
    expect(read()).toEqual({ engine: "m2" });
    await note(file, { services: { registry: 1 } });
    expect(read()).toEqual({ services: { registry: 1 } });
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test.each([
    ["of nothing", {}],
    ["of no services", { services: {} }],
  ])("goes with a note %s", async (_, aside) => {
    await note(file, { engine: "m2" });
    await note(file, aside);
    expect(existsSync(file)).toBe(false);
    await note(file, aside); // again: nothing to remove
  });

  test("stays whole when the next was cut off", async () => {
    await note(file, { engine: "m2" });
    writeFileSync(`${file}.new`, '{"engine":');
    expect(read()).toEqual({ engine: "m2" });
    await note(file, { engine: "m3" });
    expect(read()).toEqual({ engine: "m3" });
  });
});
