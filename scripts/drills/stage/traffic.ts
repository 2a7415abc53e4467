import type { StageTraffic } from "../../../components/drills/stage/traffic.ts";
import type { Traffic } from "../traffic.ts";

/** The part of the traffic that a drill itself has a say in; its end is the run's. */
export const stageTraffic = (traffic: Traffic): StageTraffic => ({
  startTraffic: (managers) => traffic.start({ ...(managers && { managers }) }),
  moreWrites: (count, seconds) => traffic.more(count, seconds),
  endTraffic: () => traffic.end(),
});
