/** The parts of a service that say what its tasks are given: ports, files, volumes, resources. */
import { z } from "zod";
import {
  choice,
  containerPath,
  flag,
  matching,
  name,
  port,
  portChoice,
  section,
  text,
  whole,
} from "./leaves.ts";
import { cpus, duration, mode, size } from "./quantities.ts";

export const publishedPort = section({
  target: port().describe("Port the task listens on"),
  published: portChoice()
    .default("auto")
    .describe("Loopback port of this machine that leads there"),
  protocol: choice(["tcp"], '"tcp": the gateway passes no other protocol')
    .default("tcp")
    .describe("Transport protocol"),
});

const secretTarget = matching(
  /^(\/[^\0]*[^\0/]|[^/\0]+)$/,
  "a file name under /run/secrets, or an absolute path",
  "file name or path",
);

const secretUse = section({
  secret: text("the name of a secret").describe("Name of the secret"),
  target: secretTarget
    .optional()
    .describe("File under /run/secrets, or a path; left out: its name"),
  mode: mode().prefault("0444").describe("Permission bits of the file"),
});

const configUse = section({
  config: text("the name of a config").describe("Name of the config"),
  target: containerPath().optional().describe("Path of the file; left out: its name in /"),
  mode: mode().prefault("0444").describe("Permission bits of the file"),
});

export const secretUses = z
  .array(
    z.union([text(), secretUse], "a secret's name or a mapping with secret, target and mode"),
    "a list of secrets",
  )
  .prefault([])
  .describe("Secrets the tasks may read: names, or mappings");

export const configUses = z
  .array(
    z.union([text(), configUse], "a config's name or a mapping with config, target and mode"),
    "a list of configs",
  )
  .prefault([])
  .describe("Configs the tasks may read: names, or mappings");

export const mount = section({
  volume: name().describe("Name of the volume; every node has its own of that name"),
  target: containerPath().describe("Path in the container"),
  readOnly: flag().default(false).describe("Whether tasks may only read it"),
});

// Swarm refuses tasks with less than 4 MiB; containers need 6 MiB.
const amount = {
  cpus: cpus().optional().describe("Processors"),
  memory: size("6MiB").optional().describe("Memory"),
};

export const resources = section({
  limits: section(amount).prefault({}).describe("What a task may use at most"),
  reservations: section(amount).prefault({}).describe("What a node must have free for it"),
}).prefault({});

const testNeed = '["CMD", "program", ...] or ["CMD-SHELL", "line"]';

export const healthcheck = section({
  test: z
    .array(z.string(testNeed), testNeed)
    .refine(isProbe, testNeed)
    .describe("The probe, as Docker writes it: CMD and words, or CMD-SHELL and one line"),
  interval: duration("1ms").prefault("5s").describe("Time from one probe to the next"),
  timeout: duration("1ms").prefault("3s").describe("A probe that takes longer has failed"),
  retries: whole(1, 100).default(3).describe("Failures in a row that make a task unhealthy"),
  startPeriod: duration()
    .prefault("0s")
    .describe("Time in which failures do not count; engines probe only every 5 s while it lasts"),
})
  .optional()
  .describe("How a task is probed; left out: as the image says");

function isProbe(test: readonly string[]): boolean {
  if (test.length < 2 || test.slice(1).includes("")) return false;
  return test[0] === "CMD" || (test[0] === "CMD-SHELL" && test.length === 2);
}
