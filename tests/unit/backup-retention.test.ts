import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type KeptBackup, planRetention } from "../../components/backup/retention.ts";

const backup = (day: number, more: Partial<KeptBackup> = {}): KeptBackup => ({
  name: `b${day}`,
  time: `2026-11-${String(day).padStart(2, "0")}T10:00:00Z`,
  good: true,
  cold: true,
  ...more,
});

describe("retention", () => {
  test("keeps the newest good ones", () => {
    const backups = [3, 1, 2, 4].map((day) => backup(day));
    expect(planRetention(backups, 2, []).remove).toEqual(["b1", "b2"]);
    expect(planRetention(backups, 9, []).remove).toEqual([]);
  });

  test("never counts a broken or a hot one", () => {
    const backups = [backup(1), backup(2, { cold: false }), backup(3, { good: false })];
    expect(planRetention(backups, 1, []).remove).toEqual([]);
    expect(planRetention([...backups, backup(4)], 1, []).remove).toEqual(["b1", "b2", "b3"]);
    expect(planRetention([...backups, backup(4)], 2, []).remove).toEqual(["b3"]);
  });

  test("removes nothing when there is no good one", () => {
    const backups = [
      backup(1, { good: false }),
      backup(2, { cold: false }),
      backup(3, { good: false }),
    ];
    expect(planRetention(backups, 1, []).remove).toEqual([]);
  });

  test("removes a key with the last archive that names it, and never one that none names", () => {
    const backups = [1, 2, 3].map((day) => backup(day, { unlockKey: day === 1 ? "k1" : "k2" }));
    const keys = ["k1", "k2", "k3"];
    expect(planRetention(backups, 1, keys).removeKeys).toEqual(["k1"]);
    expect(planRetention(backups, 3, keys).removeKeys).toEqual([]);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses to keep %d", (keep) => {
    expect(() => planRetention([], keep, [])).toThrow(RangeError);
  });
});

describe("retention, whatever there is", () => {
  const backups = fc.uniqueArray(
    fc.record({
      day: fc.integer({ min: 1, max: 28 }),
      good: fc.boolean(),
      cold: fc.boolean(),
      unlockKey: fc.constantFrom(undefined, "k1", "k2", "k3"),
    }),
    { selector: ({ day }) => day, maxLength: 12 },
  );
  const keys = ["k1", "k2", "k3", "k4"];
  const check = (
    property: (
      all: KeptBackup[],
      left: KeptBackup[],
      keep: number,
      removeKeys: readonly string[],
    ) => void,
  ) =>
    fc.assert(
      fc.property(backups, fc.integer({ min: 1, max: 6 }), (drawn, keep) => {
        const all = drawn.map(({ day, ...more }) => backup(day, more));
        const { remove, removeKeys } = planRetention(all, keep, keys);
        property(
          all,
          all.filter(({ name }) => !remove.includes(name)),
          keep,
          removeKeys,
        );
      }),
      { numRuns: 500 },
    );
  const reliable = (list: readonly KeptBackup[]) => list.filter(({ good, cold }) => good && cold);
  const newest = (list: readonly KeptBackup[], count: number) =>
    [...list].sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, count);

  test("the newest good ones stay, as many as asked for, and no other good ones", () => {
    check((all, left, keep) => {
      expect(new Set(reliable(left))).toEqual(new Set(newest(reliable(all), keep)));
    });
  });

  test("what is newer than the newest good one stays", () => {
    check((all, left) => {
      const [last] = newest(reliable(all), 1);
      for (const one of all)
        if (last === undefined || one.time > last.time) expect(left).toContain(one);
    });
  });

  test("each backup that stays has its key, and a key that none named stays", () => {
    check((_, left, __, removeKeys) => {
      for (const { unlockKey } of left) expect(removeKeys).not.toContain(unlockKey);
      expect(removeKeys).not.toContain("k4");
    });
  });

  test("a second run finds nothing to do", () => {
    check((_, left, keep) => {
      expect(planRetention(left, keep, keys)).toEqual({ remove: [], removeKeys: [] });
    });
  });
});
