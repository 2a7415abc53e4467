import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agrees, nanoseconds } from "../../scripts/swarm/swarm-spec.ts";
import { goDuration } from "../../stacks/config/duration.ts";

describe("a Go duration in nanoseconds", () => {
  test.each([
    ["2160h0m0s", 7_776_000_000_000_000],
    ["5s", 5_000_000_000],
    ["1m30s", 90_000_000_000],
    ["300ms", 300_000_000],
    ["1.5s", 1_500_000_000],
    ["1h0m0.25s", 3_600_250_000_000],
    ["0s", 0],
    ["0", 0],
  ])("%s is %d", (duration, expected) => {
    expect(nanoseconds(duration)).toBe(expected);
  });

  test("is exact for every duration that the configuration can write", () => {
    const ms = fc.oneof(fc.nat(120_000), fc.nat(365 * 24 * 3_600_000));
    fc.assert(
      fc.property(ms, (some) => {
        expect(nanoseconds(goDuration(some))).toBe(some * 1_000_000);
      }),
      { numRuns: 1000 },
    );
  });
});

const settings = {
  ...{ autolock: false, certExpiry: "2160h0m0s", dispatcherHeartbeat: "5s" },
  ...{ taskHistory: 5, snapshotInterval: 10_000 },
};
const cluster = {
  DefaultAddrPool: ["10.200.0.0/16"],
  SubnetSize: 24,
  DataPathPort: 4789,
  Spec: {
    Orchestration: { TaskHistoryRetentionLimit: 5 },
    Raft: { SnapshotInterval: 10_000 },
    Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
    CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
    EncryptionConfig: { AutoLockManagers: false },
  },
};

describe("a running swarm", () => {
  test("agrees with the settings that it was made with", () => {
    expect(agrees(cluster, settings)).toBe(true);
  });

  test.each([
    { autolock: true },
    { certExpiry: "48h0m0s" },
    { dispatcherHeartbeat: "10s" },
    { taskHistory: 0 },
    { snapshotInterval: 500 },
  ])("does not agree when %j is wanted", (change) => {
    expect(agrees(cluster, { ...settings, ...change })).toBe(false);
  });
});
