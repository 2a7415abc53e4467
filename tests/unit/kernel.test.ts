import { describe, expect, it } from "vitest";
import {
  NODE_CAPABILITIES,
  NODE_CGROUPNS,
  NODE_SECURITY_OPTS,
} from "../../components/nodes/local/containment.ts";
import { parseKernelProbe } from "../../components/nodes/local/kernel.ts";

const ALL = "release 6.12.1-amd64\nvxlan yes\nesp yes\nxtMatch yes\nipvs yes\nnetem yes\n";

describe("what the kernel probe prints", () => {
  it("is read feature by feature", () => {
    expect(parseKernelProbe(ALL)).toEqual({
      release: "6.12.1-amd64",
      ...{ vxlan: true, esp: true, xtMatch: true, ipvs: true, netem: true },
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
    ["the end cut off", ALL.slice(0, -"netem yes\n".length), "netem: got nothing"],
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
