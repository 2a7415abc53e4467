import { describe, expect, test } from "vitest";
import type { ServiceState } from "../../components/swarm/service-list.ts";
import { converged, updated } from "../../scripts/swarm/await-services.ts";

const state = (change: Partial<ServiceState>): ServiceState => ({
  ...{ name: "app", global: false, desired: 3, running: 3, runsOn: ["w1"] },
  ...{ update: "", message: "", errors: [] },
  ...change,
});

describe("a service that was changed a moment ago", () => {
  test.each<[string, ServiceState | undefined, { updated: boolean; converged: boolean }]>([
    [
      "runs as before: the update may not have begun",
      state({}),
      { updated: false, converged: true },
    ],
    ["is being updated", state({ update: "updating" }), { updated: false, converged: true }],
    ["has all new tasks", state({ update: "completed" }), { updated: true, converged: true }],
    ["lacks one", state({ update: "completed", running: 2 }), { updated: false, converged: false }],
    [
      "was rolled back",
      state({ update: "rollback_completed" }),
      { updated: false, converged: true },
    ],
    ["wants none", state({ desired: 0, running: 0 }), { updated: false, converged: true }],
    ["is not there", undefined, { updated: false, converged: false }],
  ])("%s", (_, seen, wanted) => {
    expect({ updated: updated(seen), converged: converged(seen) }).toEqual(wanted);
  });
});
