import { expect, it } from "vitest";
import { type Given, load } from "./config-support.ts";

const app = (given: Given): Given => ({ services: { app: { image: "app", ...given } } });
const check = { test: ["CMD", "true"], interval: "5s", retries: 3 };

const CASES: readonly (readonly [title: string, given: Given, warnings: readonly string[]])[] = [
  [
    "two zones for three managers, naming the one that matters",
    { zones: ["a", "b"] },
    ["swarm-lab:zones: got 2 zones, need 3 or more for 3 managers: losing zone a takes the quorum"],
  ],
  [
    "one zone",
    { zones: ["north"], managers: 5 },
    [
      "swarm-lab:zones: got 1 zone, need 3 or more for 5 managers: losing zone north takes the quorum",
    ],
  ],
  ["nothing about the zones of a single manager", { zones: ["a"], managers: 1 }, []],
  [
    "an image without a tag, or with latest",
    {
      services: {
        a: { image: "nginx" },
        b: { image: "localhost:5000/b:latest" },
        c: { image: "c:1" },
      },
    },
    ["a", "b"].map(
      (name) =>
        `swarm-lab:services.${name}.image: got "${name === "a" ? "nginx" : "localhost:5000/b:latest"}", need a tag other than latest, or a digest: nodes that pull at different times may run different images`,
    ),
  ],
  [
    "nothing about an image by digest",
    { services: { a: { image: `nginx@sha256:${"0".repeat(64)}` } } },
    [],
  ],
  [
    "a monitor that ends before the health check can fail",
    app({ healthcheck: check, update: { monitor: "15s" }, rollback: { monitor: "5s" } }),
    [
      'swarm-lab:services.app.update.monitor: got "15s", need more than 15s, which the health check takes to fail (startPeriod + interval * retries): a bad update would pass; remove it to have it worked out',
      'swarm-lab:services.app.rollback.monitor: got "5s", need more than 15s, which the health check takes to fail (startPeriod + interval * retries): a bad rollback would pass; remove it to have it worked out',
    ],
  ],
  [
    "the start period as part of that",
    app({ healthcheck: { ...check, startPeriod: "10s" }, update: { monitor: "20s" } }),
    [
      'swarm-lab:services.app.update.monitor: got "20s", need more than 25s, which the health check takes to fail (startPeriod + interval * retries): a bad update would pass; remove it to have it worked out',
    ],
  ],
  [
    "nothing about a monitor that is longer",
    app({ healthcheck: check, update: { monitor: "16s" } }),
    [],
  ],
  ["nothing about a monitor without a health check", app({ update: { monitor: "1s" } }), []],
  [
    "encryption that is required",
    { network: { encryption: "required", overlays: { app: {}, back: { encryption: "off" } } } },
    [
      'swarm-lab:network.encryption: got "required", need ESP, xt_bpf and xt_policy in the kernel of every node; without them the lab is not built',
    ],
  ],
  [
    "encryption that is required of one overlay",
    { network: { encryption: "off", overlays: { back: { encryption: "required" } } } },
    [
      'swarm-lab:network.overlays.back.encryption: got "required", need ESP, xt_bpf and xt_policy in the kernel of every node; without them the lab is not built',
    ],
  ],
  [
    "another data path port under encryption",
    { network: { dataPathPort: 5789 } },
    [
      "swarm-lab:network.dataPathPort: got 5789, need 4789 where overlays are encrypted: engines have encrypted that port alone; probe the overlay, or set encryption to off",
    ],
  ],
  [
    "nothing about it without encryption",
    { network: { dataPathPort: 5789, encryption: "off" } },
    [],
  ],
  [
    "constraints that no node meets",
    app({ constraints: ["node.role == manager"] }),
    [
      "swarm-lab:services.app.constraints: got a list of 1, need constraints that a node which runs tasks meets: until one does, its tasks stay pending",
    ],
  ],
  [
    "a zone that holds no node that runs tasks",
    app({ constraints: ["node.labels.zone==c"] }),
    [
      "swarm-lab:services.app.constraints: got a list of 1, need constraints that a node which runs tasks meets: until one does, its tasks stay pending",
    ],
  ],
  [
    "nothing about constraints that a node meets",
    {
      nodes: { labels: { w2: { disk: "ssd" } } },
      ...app({
        constraints: ["node.labels.disk == SSD", "node.hostname != w1", "node.ip != 10.0.0.1"],
      }),
    },
    [],
  ],
  [
    "replicas that leave an update no place",
    app({ replicas: 2, maxReplicasPerNode: 1 }),
    [
      "swarm-lab:services.app.replicas: got 2, need fewer than 2, all the places that maxReplicasPerNode leaves: a start-first update waits for a free one; lower it, raise maxReplicasPerNode or set update.order to stop-first",
    ],
  ],
  [
    "nothing about them when an update stops first",
    app({ replicas: 2, maxReplicasPerNode: 1, update: { order: "stop-first" } }),
    [],
  ],
];

it.each(CASES)("warns of %s", (_title, given, warnings) => {
  expect(load(given).warnings).toEqual(warnings);
});
