import { describe, expect, test } from "vitest";
import { type Machine, planEngine } from "../../scripts/setup/engine.ts";
import {
  DEFAULT_HOST,
  type EngineLook,
  judgeVersion,
  namedHost,
  refuseHost,
  refuseOld,
} from "../../scripts/setup/engine-host.ts";

const DEBIAN: Machine = {
  platform: "linux",
  root: true,
  distributions: ["debian"],
  systemd: false,
  dockerd: true,
};
const SILENT: EngineLook = {
  state: "silent",
  host: DEFAULT_HOST,
  reason: "Cannot connect to the Docker daemon. Is the docker daemon running?",
};

describe("which engine", () => {
  test.each([
    [{ SWARM_LAB_ENGINE: "unix:///a", DOCKER_HOST: "unix:///b" }, "unix:///a"],
    [{ DOCKER_HOST: "unix:///b" }, "unix:///b"],
    [{ DOCKER_HOST: "" }, undefined],
  ])("%j names %s", (env, host) => {
    expect(namedHost(env)).toBe(host);
  });

  test.each([
    "unix:///var/run/docker.sock",
    "tcp://127.0.0.1:2375",
    "tcp://localhost:2375",
    "tcp://[::1]:1",
  ])("%s is on this machine", (host) => {
    expect(refuseHost(host)).toBeUndefined();
  });

  test.each(["ssh://me@far", "tcp://10.0.0.1:2375", "tcp://localhost.evil:1"])(
    "%s is not, and the lab's ports are on loopback",
    (host) => {
      expect(refuseHost(host)).toMatch(/^Docker engine: got .*, need an engine on this machine/);
    },
  );
});

describe("an engine's answer", () => {
  const answer = (server: unknown, code = 0, stderr = "") => ({
    code,
    stdout: JSON.stringify({ Client: {}, Server: server }),
    stderr,
  });

  test("has its version", () => {
    expect(judgeVersion("h", answer({ Version: "26.1.5" }))).toEqual({
      state: "answers",
      host: "h",
      version: "26.1.5",
    });
  });

  test("that is none is silence with a reason", () => {
    const look = judgeVersion("h", answer(null, 1, "Cannot connect to the Docker daemon\n"));
    expect(look).toEqual({
      state: "silent",
      host: "h",
      reason: "Cannot connect to the Docker daemon",
    });
  });

  test("without a client is known as such", () => {
    expect(judgeVersion("h", { code: 127, stdout: "", stderr: "" }).state).toBe("no-client");
  });

  test.each(["20.10.24+dfsg1", "26.1.5", "101.0.0"])("version %s is new enough", (version) => {
    expect(() => refuseOld(version)).not.toThrow();
  });

  test.each(["19.03.15", "20.9.0", "1.13.1", ""])("version %j is refused", (version) => {
    expect(() => refuseOld(version)).toThrow(
      `Docker engine: got version ${version}, need 20.10 or newer; upgrade it`,
    );
  });
});

describe("how an engine is brought", () => {
  test.each<[string, EngineLook, Partial<Machine>, string]>([
    [
      "one that answers",
      { state: "answers", host: "h", version: "26" },
      { platform: "darwin" },
      "none",
    ],
    ["installed, not running, no init", SILENT, {}, "start-daemon"],
    ["installed, not running, systemd", SILENT, { systemd: true }, "start-service"],
    ["a client without an engine", SILENT, { dockerd: false }, "install"],
    ["nothing at all", { state: "no-client", host: DEFAULT_HOST }, { dockerd: false }, "install"],
    ["an engine without a client", { state: "no-client", host: DEFAULT_HOST }, {}, "install"],
    ["Ubuntu", SILENT, { dockerd: false, distributions: ["ubuntu", "debian"] }, "install"],
  ])("%s", (_, look, machine, plan) => {
    expect(planEngine(look, { ...DEBIAN, ...machine })).toBe(plan);
  });

  test.each<[string, EngineLook, Partial<Machine>, RegExp]>([
    ["macOS", SILENT, { platform: "darwin" }, /Docker Desktop/],
    [
      "Fedora",
      SILENT,
      { dockerd: false, distributions: ["fedora"] },
      /docs\.docker\.com\/engine\/install/,
    ],
    [
      "no root on Debian",
      SILENT,
      { dockerd: false, root: false },
      /sudo apt-get install docker\.io/,
    ],
    ["no root, installed", SILENT, { root: false }, /sudo systemctl start docker/],
    [
      "no permission",
      { ...SILENT, reason: "permission denied while trying" },
      { root: false },
      /group docker/,
    ],
    ["a host of the user's own", { ...SILENT, host: "unix:///mine" }, {}, /docker context use/],
  ])("%s gets told what to do", (_, look, machine, says) => {
    expect(() => planEngine(look, { ...DEBIAN, ...machine })).toThrow(says);
  });
});
