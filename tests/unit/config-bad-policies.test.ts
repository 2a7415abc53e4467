import { expect, it } from "vitest";
import { type BadCase, refusal, wholeMessage } from "./config-support.ts";

const CASES: readonly BadCase[] = [
  [
    "a constraint with one equals sign",
    { services: { app: { image: "app", constraints: ["node.role = worker"] } } },
    'swarm-lab:services.app.constraints[0]: got "node.role = worker", need a constraint such as "node.role == worker" or "node.labels.zone != a"',
  ],
  [
    "a constraint on what nodes do not have",
    { services: { app: { image: "app", constraints: ["node.zone == a"] } } },
    'swarm-lab:services.app.constraints[0]: got "node.zone == a", need a constraint such as "node.role == worker" or "node.labels.zone != a"',
  ],
  [
    "a spread over a zone that is no label",
    { services: { app: { image: "app", spread: ["zone"] } } },
    'swarm-lab:services.app.spread[0]: got "zone", need a label to spread over, such as "node.labels.zone"',
  ],
  [
    "a memory limit below Docker's least",
    { services: { app: { image: "app", resources: { limits: { memory: "1MiB" } } } } },
    'swarm-lab:services.app.resources.limits.memory: got "1MiB", need a size of at least 6MiB such as "512MiB" (units KiB, MiB, GiB)',
  ],
  [
    "more memory reserved than allowed",
    {
      services: {
        app: {
          image: "app",
          resources: { limits: { memory: "64MiB" }, reservations: { memory: "128MiB" } },
        },
      },
    },
    "swarm-lab:services.app.resources.reservations.memory: got 128MiB, need at most the limit of 64MiB",
  ],
  [
    "more processors reserved than allowed",
    {
      services: {
        app: { image: "app", resources: { limits: { cpus: 0.5 }, reservations: { cpus: 1 } } },
      },
    },
    "swarm-lab:services.app.resources.reservations.cpus: got 1, need at most the limit of 0.5",
  ],
  [
    "a health check that is a text",
    { services: { app: { image: "app", healthcheck: { test: "wget -q http://127.0.0.1/" } } } },
    'swarm-lab:services.app.healthcheck.test: got a text (not shown), need ["CMD", "program", ...] or ["CMD-SHELL", "line"]',
  ],
  [
    "a health check without CMD",
    { services: { app: { image: "app", healthcheck: { test: ["wget", "-q"] } } } },
    'swarm-lab:services.app.healthcheck.test: got a list of 2, need ["CMD", "program", ...] or ["CMD-SHELL", "line"]',
  ],
  [
    "a health check without an interval's unit",
    { services: { app: { image: "app", healthcheck: { test: ["CMD", "true"], interval: 5 } } } },
    'swarm-lab:services.app.healthcheck.interval: got 5, need a duration of at least 1ms such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a health check that never gives up",
    { services: { app: { image: "app", healthcheck: { test: ["CMD", "true"], retries: 0 } } } },
    "swarm-lab:services.app.healthcheck.retries: got 0, need a whole number from 1 to 100",
  ],
  [
    "a failure action that Docker does not know",
    { services: { app: { image: "app", update: { failureAction: "undo" } } } },
    'swarm-lab:services.app.update.failureAction: got "undo", need "rollback", "pause" or "continue"',
  ],
  [
    "a rollback that rolls back",
    { services: { app: { image: "app", rollback: { failureAction: "rollback" } } } },
    'swarm-lab:services.app.rollback.failureAction: got "rollback", need "pause" or "continue"',
  ],
  [
    "a ratio in per cent",
    { services: { app: { image: "app", update: { maxFailureRatio: 25 } } } },
    "swarm-lab:services.app.update.maxFailureRatio: got 25, need a number from 0 to 1",
  ],
  [
    "an order that Docker does not know",
    { services: { app: { image: "app", update: { order: "parallel" } } } },
    'swarm-lab:services.app.update.order: got "parallel", need "start-first" or "stop-first"',
  ],
  [
    "a negative delay",
    { services: { app: { image: "app", update: { delay: "-5s" } } } },
    'swarm-lab:services.app.update.delay: got "-5s", need a duration such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a monitor of nothing",
    { services: { app: { image: "app", update: { monitor: "0s" } } } },
    'swarm-lab:services.app.update.monitor: got "0s", need a duration of at least 1ms such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a restart condition of compose's",
    { services: { app: { image: "app", restart: { condition: "always" } } } },
    'swarm-lab:services.app.restart.condition: got "always", need "any", "on-failure" or "none"',
  ],
  [
    "a grace period without a unit",
    { services: { app: { image: "app", stopGracePeriod: "10" } } },
    'swarm-lab:services.app.stopGracePeriod: got "10", need a duration such as "90s" or "1h30m" (units h, m, s, ms)',
  ],
  [
    "a mount of a path",
    { services: { app: { image: "app", mounts: [{ volume: "/srv", target: "/data" }] } } },
    'swarm-lab:services.app.mounts[0].volume: got "/srv", need lower-case letters, digits and hyphens, at most 63 characters, beginning and ending with a letter or digit',
  ],
  [
    "two mounts at one target",
    {
      services: {
        app: {
          image: "app",
          mounts: [
            { volume: "a", target: "/data" },
            { volume: "b", target: "/data" },
          ],
        },
      },
    },
    'swarm-lab:services.app.mounts[1]: got "/data", need a target of its own: entry [0] has it; give one of them another target',
  ],
  [
    "a mount at the root",
    { services: { app: { image: "app", mounts: [{ volume: "a", target: "/" }] } } },
    'swarm-lab:services.app.mounts[0].target: got "/", need an absolute path in the container, such as "/etc/app.conf"',
  ],
  [
    "a misspelt service setting",
    { services: { app: { image: "app", replica: 3 } } },
    "swarm-lab:services.app.replica: got an unknown key, need a known one; did you mean replicas?",
  ],
];

it.each(CASES)("refuses %s", (_title, given, message) => {
  expect(refusal(given)).toBe(wholeMessage(message));
});
