import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { capture } from "../../components/process.ts";
import { done } from "../support/report-sample.ts";

const LAB = fileURLToPath(new URL("../../scripts/lab.ts", import.meta.url));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-lab-report-"));
  writeFileSync(join(folder, "practice-done.json"), JSON.stringify(done()));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** No engine answers there: the lab is down, as far as anybody can see. */
const env = () => ({
  DOCKER_HOST: `unix://${join(folder, "docker.sock")}`,
  SWARM_LAB_ENGINE: undefined,
  SWARM_LAB_PROGRESS: join(folder, "practice-done.json"),
});

const words = (...more: string[]) => [LAB, "report", "--stack", "no-such", ...more];
const run = (...more: string[]) =>
  capture(process.execPath, words(...more), { env: env(), timeout: 60_000 });

describe("npm run report", () => {
  test("writes one file where no engine and no run is, and says where", async () => {
    const file = join(folder, "out", "report.html");
    const { code, stdout, stderr } = await run("--out", file);
    expect([code, stdout]).toEqual([0, `${file}\n`]);
    expect(stderr).toMatch(/report: drawing \.\.\. .*\d s/);
    const page = readFileSync(file, "utf8");
    expect(page).toContain("<h1>Report of lab no-such</h1>");
    expect(page).toContain("npm run drill -- --stack no-such leader-loss");
    expect(page).toContain("Docker engine: got");
  });

  test("prints data alone on stdout with --json", async () => {
    const { code, stdout } = await run("--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      lab: "no-such",
      topology: expect.stringContaining("Docker engine"),
      totals: { runs: 0 },
      practice: { count: Object.keys(done()).length },
    });
  });

  test("tells a mistake in one line", async () => {
    const { code, stdout, stderr } = await run("--port", "80");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe("report --port: got a port without --serve, need both, or neither\n");
  });

  test.each(["SIGINT", "SIGTERM"] as const)("serves until %s, and ends well", async (signal) => {
    const child = spawn(process.execPath, words("--serve"), {
      env: { ...process.env, ...env() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const url = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk) => resolve(String(chunk).trim())),
    );
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const open = await fetch(new URL("/events", url)); // a page that is open does not hold it up
    expect(await (await fetch(url)).text()).toContain("Report of lab no-such");
    child.kill(signal);
    expect(await ended).toBe(0);
    await open.body?.cancel().catch(() => undefined);
  });
});
