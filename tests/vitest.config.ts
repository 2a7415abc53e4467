import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Pure files: no Pulumi, no engine. Some start a script, which takes its time on a busy machine. */
const unit = {
  name: "unit",
  include: ["tests/unit/**/*.test.ts"],
  testTimeout: 30_000,
  // One process for all files: loading the same modules for each took most of the time.
  isolate: false,
};

/** No engine either, but whole programs that are started, compiled, or made to work for seconds: not for every save. */
const programs = {
  name: "programs",
  include: ["tests/programs/**/*.test.ts", "tests/toolchain/**/*.test.ts"],
  testTimeout: 60_000,
};

/** The report as a browser shows it. Debian's chromium is brought where it is missing, which took 35 s once, and on a slow line takes minutes. */
const report = {
  name: "report",
  include: ["tests/report/**/*.test.ts"],
  testTimeout: 120_000,
  hookTimeout: 10 * 60_000,
};

/** Components under Pulumi's mocks. */
const components = {
  name: "components",
  include: ["tests/components/**/*.test.ts"],
  testTimeout: 30_000,
  // Importing Pulumi anew for each file took three quarters of the time.
  isolate: false,
};

/** Real labs on a real engine: one file at a time, as each needs the whole machine. */
const e2e = {
  name: "e2e",
  include: ["tests/e2e/**/*.test.ts"],
  testTimeout: 15 * 60_000,
  hookTimeout: 15 * 60_000,
  fileParallelism: false,
  maxConcurrency: 1,
  // The labs of suites that were interrupted.
  globalSetup: ["tests/e2e/support/abandoned.ts"],
};

/** Every drill, the faults of backup and restore, drills that are killed or whose recovery is left out: real labs too, longer than `npm test` may take. */
const drills = { ...e2e, name: "drills", include: ["tests/drills/**/*.test.ts"] };
const faults = { ...e2e, name: "faults", include: ["tests/faults/**/*.test.ts"] };
const killed = { ...e2e, name: "killed", include: ["tests/killed/**/*.test.ts"] };
const unrecovered = { ...e2e, name: "unrecovered", include: ["tests/unrecovered/**/*.test.ts"] };

/** Every exercise, begun, answered wrong, solved and taken back. */
const practice = { ...e2e, name: "practice", include: ["tests/practice/**/*.test.ts"] };

/** Emulated machines: minutes to start, whole kernels of their own. */
const vm = { ...e2e, name: "vm", include: ["tests/vm/**/*.test.ts"] };

export default defineConfig({
  root,
  test: {
    pool: "forks",
    projects: [
      unit,
      components,
      programs,
      report,
      e2e,
      drills,
      faults,
      killed,
      unrecovered,
      practice,
      vm,
    ].map((test) => ({
      extends: true as const,
      test,
    })),
  },
});
