import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseKernelProbe } from "../../components/nodes/kernel-probe.ts";
import {
  NODE_CAPABILITIES,
  NODE_CGROUPNS,
  NODE_SECURITY_OPTS,
} from "../../components/nodes/local/containment.ts";
import { probeKernel } from "../../components/nodes/local/kernel.ts";

const ALL = "release 6.12.1-amd64\nvxlan yes\nesp yes\nxtMatch yes\nipvs yes\nnetem yes\nnfs yes\n";

describe("what the kernel probe prints", () => {
  it("is read feature by feature", () => {
    expect(parseKernelProbe(ALL)).toEqual({
      release: "6.12.1-amd64",
      ...{ vxlan: true, esp: true, xtMatch: true, ipvs: true, netem: true, nfs: true },
      said: {},
    });
  });

  it("keeps what the kernel said about a lack", () => {
    const text = ALL.replace("esp yes", "esp no Error: Requested AEAD algorithm not found. ");
    const probe = parseKernelProbe(text.replace("netem yes", "netem no "));
    expect(probe).toMatchObject({ esp: false, netem: false, ipvs: true });
    expect(probe.said).toEqual({
      esp: "Error: Requested AEAD algorithm not found.",
      netem: "no reason given",
    });
  });

  it("may have a release with anything in it, and lines in any order", () => {
    const lines = ALL.replace("6.12.1-amd64", "5.15.0 (my own) #1").trim().split("\n").reverse();
    expect(parseKernelProbe(lines.join("\n\n")).release).toBe("5.15.0 (my own) #1");
  });

  it.each([
    ["nothing", "", "kernel probe: got no release, need `release X`"],
    ["no release", ALL.replace(/release.*\n/, ""), "kernel probe: got no release"],
    ["a feature missing", ALL.replace("ipvs yes\n", ""), "ipvs: got nothing, need yes or no"],
    ["the end cut off", ALL.slice(0, -"nfs yes\n".length), "nfs: got nothing"],
    ["an answer cut off", ALL.replace("netem yes", "netem ye"), "netem: got ye, need yes or no"],
    [
      "a word that only begins with yes",
      ALL.replace("esp yes", "esp yesterday"),
      "esp: got yesterday",
    ],
    ["a feature twice", `${ALL}esp no\n`, 'got the line "esp no", need each feature once'],
    ["a key without an answer", `${ALL}esp\n`, 'got the line "esp", need each feature once'],
    ["a shell's complaint", `sh: 1: ip: not found\n${ALL}`, 'got the line "sh: 1: ip: not found"'],
  ])("is refused with %s", (_, text, message) => {
    expect(() => parseKernelProbe(text)).toThrow(message);
  });
});

describe("asking the kernel", () => {
  let folder = "";
  const request = { engine: "unix:///an/engine.sock", image: "swarm-lab/node:1" };
  const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  const cached = () => join(folder, "swarm-lab", readdirSync(join(folder, "swarm-lab"))[0] ?? "");
  /** A docker client that writes down what it is asked and answers with these files. */
  const answers = (info: string, run: string, code = 0) => {
    writeFileSync(join(folder, "info"), info);
    writeFileSync(join(folder, "run"), run);
    const script = `#!/bin/sh\necho "$3" >>${folder}/calls\ncat ${folder}/$3 >&${code ? 2 : 1}\nexit ${code}\n`;
    writeFileSync(join(folder, "docker"), script);
    chmodSync(join(folder, "docker"), 0o755);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-lab-test-"));
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
    vi.stubEnv("XDG_CACHE_HOME", folder);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it("happens once for an engine, its kernel and an image, and is said once", async () => {
    answers("ID1 6.12", ALL.replace("ipvs yes", "ipvs no not here"));
    const said: string[] = [];
    const ask = () => probeKernel({ ...request, report: (line) => said.push(line) });
    const first = await ask();
    expect(await ask()).toEqual(first);
    expect(calls()).toEqual(["info", "run", "info"]);
    expect(said).toEqual([
      expect.stringMatching(/^kernel 6.12.1-amd64: lacks ipvs \(\d+\.\d s\)$/),
    ]);
    answers("ID1 6.13", ALL);
    expect((await ask()).ipvs).toBe(true);
    await probeKernel({ ...request, image: "swarm-lab/node:2" });
    expect(calls().filter((call) => call === "run")).toHaveLength(3);
  });

  it.each([
    ["a lack after a day", ALL.replace("esp yes", "esp no"), 25 * 3_600_000, 2],
    ["a lack within a day", ALL.replace("esp yes", "esp no"), 23 * 3_600_000, 1],
    ["a whole kernel after a year", ALL, 365 * 24 * 3_600_000, 1],
  ])("remembers %s as it should", async (_, output, later, runs) => {
    answers("ID1 6.12", output);
    await probeKernel(request);
    vi.useFakeTimers({ now: Date.now() + later, toFake: ["Date"] });
    await probeKernel(request);
    expect(calls().filter((call) => call === "run")).toHaveLength(runs);
  });

  it("is repeated when asked to, and when what was kept is not readable", async () => {
    answers("ID1 6.12", ALL);
    await probeKernel(request);
    await probeKernel({ ...request, fresh: true });
    writeFileSync(cached(), "{half");
    await probeKernel(request);
    expect(calls()).toEqual(["info", "run", "info", "run", "info", "run"]);
  });

  it("fails with the engine's words and keeps nothing", async () => {
    answers("Cannot connect", "", 1);
    await expect(probeKernel(request)).rejects.toThrow(
      "kernel probe: docker info on unix:///an/engine.sock: Cannot connect",
    );
    answers("ID1 6.12", "release 6.12\nvxlan yes\n");
    await expect(probeKernel(request)).rejects.toThrow("esp: got nothing");
    expect(readdirSync(folder)).not.toContain("swarm-lab");
  });
});

describe("the containment of a node", () => {
  const json = NODE_SECURITY_OPTS.find((each) => each.startsWith("seccomp="))?.slice(8) ?? "";
  const profile = JSON.parse(json);
  const refused: string[] = profile.syscalls.flatMap(({ names }: { names: string[] }) => names);

  it("adds three capabilities in the form the engine reports them", () => {
    expect(NODE_CAPABILITIES.adds.every((each) => /^CAP_[A-Z_]+$/.test(each))).toBe(true);
    expect(NODE_CAPABILITIES.adds).toEqual(["CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SYS_PTRACE"]);
    expect(NODE_CGROUPNS).toBe("private");
  });

  it("leaves nothing unconfined but AppArmor", () => {
    expect(NODE_SECURITY_OPTS.filter((each) => each.endsWith("unconfined"))).toEqual([
      "apparmor=unconfined",
    ]);
  });

  it("refuses what reaches the machine and keeps what an engine needs to start tasks", () => {
    expect(new Set(refused).size).toBe(refused.length);
    for (const name of ["finit_module", "kexec_load", "swapon", "syslog", "open_by_handle_at"])
      expect(refused).toContain(name);
    for (const name of ["keyctl", "pivot_root", "mount", "setns", "unshare", "clone3", "bpf"])
      expect(refused).not.toContain(name);
  });
});
