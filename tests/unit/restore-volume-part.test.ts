import { expect, test } from "vitest";
import type { RunningPart } from "../../components/backup/manifest.ts";
import { volumePart } from "../../scripts/backup/restore-volume.ts";

const part = (kind: RunningPart["kind"], name: string): RunningPart => ({
  ...{ kind, name, node: "w1", file: `${name}.tgz`, encryption: "none" },
  ...{ sha256: "0".repeat(64), bytes: 1 },
});
const parts = [part("registry", "registry"), part("volume", "rows")];

test("finds the part of a volume, and the registry's as well", () => {
  expect(volumePart(parts, "rows", "b").file).toBe("rows.tgz");
  expect(volumePart(parts, "registry", "b").kind).toBe("registry");
});

test("says which volumes a backup has when it lacks the one that is wanted", () => {
  expect(() => volumePart(parts, "row", "2026-11-21T10-03-22Z-m2")).toThrow(
    "2026-11-21T10-03-22Z-m2: got registry, rows, need volume row; use a backup that was made with it (npm run backup -- --volume row)",
  );
});

test("says that a backup has none at all", () => {
  expect(() => volumePart([], "rows", "b")).toThrow("b: got no volume at all, need volume rows");
});
