import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { daemonSettings } from "../../scripts/hosts/daemon-settings.ts";
import { installScript } from "../../scripts/hosts/engine-script.ts";

/** Whether a shell can read it. */
const isShell = (script: string) => spawnSync("sh", ["-n"], { input: script }).status === 0;

describe("an engine's settings", () => {
  test("keep its log small, and tell its figures to nobody else", () => {
    expect(JSON.parse(daemonSettings("m1", ""))).toEqual({
      ...{ "log-driver": "json-file", "log-opts": { "max-size": "10m", "max-file": "3" } },
      "metrics-addr": "127.0.0.1:9323",
    });
  });

  test("stay what somebody made them", () => {
    const given = { "log-driver": "journald", debug: true, "metrics-addr": "10.0.0.1:1" };
    expect(JSON.parse(daemonSettings("m1", JSON.stringify(given)))).toEqual(given);
  });

  test.each([
    ["{", /m1: \/etc\/docker\/daemon\.json: got no JSON/],
    ['{"live-restore": true}', /got live-restore true/],
  ])("are refused as %s", (text, message) => {
    expect(() => daemonSettings("m1", text)).toThrow(message);
  });
});

describe("the install of an engine", () => {
  test("is a shell's", () => {
    expect(isShell(installScript({ firewall: "auto", version: "26.1.5" }))).toBe(true);
  });

  test("does nothing where there is one", () => {
    const bin = mkdtempSync(join(tmpdir(), "swarm-lab-bin-"));
    const fakes = {
      dpkg: ":",
      "dpkg-query": "echo bash",
      "apt-get": "echo apt-get $*",
      dockerd: ":",
    };
    for (const [name, line] of Object.entries({ ...fakes, systemctl: ":" }))
      writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    const script = installScript({ firewall: "auto" });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const { status, stdout } = spawnSync("sh", ["-euc", script], { encoding: "utf8", env });
    rmSync(bin, { recursive: true });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});
