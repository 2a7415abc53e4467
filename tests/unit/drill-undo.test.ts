import { describe, expect, test } from "vitest";
import { isUndo } from "../../components/drills/undo.ts";

describe("what a label may say of how a service was", () => {
  test.each([
    "--replicas 3",
    "--update-parallelism 1 --update-monitor 8s --update-order start-first",
    "--update-monitor 1m0.5s",
  ])("takes %s", (value) => {
    expect(isUndo(value)).toBe(true);
  });

  test.each([
    "",
    "3",
    "--replicas",
    "--replicas 3; rm -rf /",
    "--replicas $(id)",
    "--replicas 3 app",
    "--args 'a b'",
    "--replicas 3\n--force 1",
  ])("takes nothing that a shell could read otherwise: %j", (value) => {
    expect(isUndo(value)).toBe(false);
  });
});
