import { expect, test } from "vitest";
import { initCommand, settingFlags } from "../../components/swarm/settings.ts";

const settings = {
  ...{ autolock: true, certExpiry: "2160h0m0s", dispatcherHeartbeat: "5s" },
  ...{ taskHistory: 5, snapshotInterval: 10_000 },
};
const FLAGS = [
  "--autolock=true",
  "--cert-expiry=2160h0m0s",
  "--dispatcher-heartbeat=5s",
  "--task-history-limit=5",
  "--snapshot-interval=10000",
];

test("every setting is a flag with its value, so that false is said, too", () => {
  expect(settingFlags(settings)).toEqual(FLAGS);
  expect(settingFlags({ ...settings, autolock: false })).toContain("--autolock=false");
});

test("init is told the address, what is fixed for ever and the settings, and shows no token", () => {
  const addressing = { addressPool: "10.200.0.0/16", addressPoolSize: 24, dataPathPort: 4789 };
  expect(initCommand("10.210.3.11", settings, addressing)).toBe(
    [
      "docker swarm init --advertise-addr=10.210.3.11",
      "--default-addr-pool=10.200.0.0/16 --default-addr-pool-mask-length=24",
      `--data-path-port=4789 ${FLAGS.join(" ")} >/dev/null`,
    ].join(" "),
  );
});
