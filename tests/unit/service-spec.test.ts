import { expect, test } from "vitest";
import { OWN_SERVICE } from "../../components/swarm/service-spec.ts";
import { GO_DURATION, goDuration, milliseconds } from "../../stacks/config/duration.ts";

const durations = [
  ...[OWN_SERVICE.update.delay, OWN_SERVICE.update.monitor],
  ...[OWN_SERVICE.rollback.delay, OWN_SERVICE.rollback.monitor],
  ...[OWN_SERVICE.restart.delay, OWN_SERVICE.restart.window, OWN_SERVICE.stopGracePeriod],
];

test.each(durations)("the duration %s of the lab's own services is as Go prints it", (duration) => {
  // Any other form is read back differently, and the service would be updated for ever.
  expect(duration).toMatch(GO_DURATION);
  expect(goDuration(milliseconds(duration))).toBe(duration);
});

test("the lab's own services free their port before they take it anew", () => {
  expect([OWN_SERVICE.update.order, OWN_SERVICE.rollback.order]).toEqual([
    "stop-first",
    "stop-first",
  ]);
});

test("a bad update of the lab's own services is undone, and a bad undoing stops", () => {
  expect(OWN_SERVICE.update.failureAction).toBe("rollback");
  expect(OWN_SERVICE.rollback.failureAction).toBe("pause");
});

test("the lab's own services come back for as long as it takes", () => {
  expect(OWN_SERVICE.restart).toMatchObject({ condition: "any", maxAttempts: 0 });
});
