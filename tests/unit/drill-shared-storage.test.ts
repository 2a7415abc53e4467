import { describe, expect, test } from "vitest";
import { judgeShared } from "../../components/drills/catalogue/shared-storage.ts";

const PLANTED = { node: "w2", health: "healthy", files: 3, sha256: "ab" };
const MOVED = { ...PLANTED, node: "w1" };

describe("the judge of a task that moved with its shared volume", () => {
  test("has nothing to say where no node can mount one", () => {
    expect(judgeShared({ lacks: "mount: /mnt: unknown filesystem type 'nfs'." })).toEqual([]);
  });

  test("finds the same files on the other node", () => {
    expect(judgeShared({ planted: PLANTED, moved: MOVED })).toMatchObject([
      { ok: true, seen: "healthy with 3 files on w2, then healthy with 3 files on w1" },
    ]);
  });

  test.each([
    ["none were written", { ...PLANTED, files: 0 }, { ...MOVED, files: 0 }],
    ["they are other ones", PLANTED, { ...MOVED, sha256: "cd" }],
    ["the task stayed where it was", PLANTED, PLANTED],
  ])("fails when %s", (_, planted, moved) => {
    expect(judgeShared({ planted, moved })).toMatchObject([{ ok: false }]);
  });
});
