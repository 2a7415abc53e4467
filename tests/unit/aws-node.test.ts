/** What makes an instance a node of the swarm, and asks it for others; `ssh` and `docker` are stubs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { InstanceInput } from "../../components/nodes/aws/instance-input.ts";
import { instanceConnection } from "../../components/nodes/aws/instance-options.ts";
import { IMAGE_KERNEL, kernelProblems } from "../../components/nodes/aws/kernel.ts";
import { prepareBuild } from "../../components/nodes/build.ts";
import type { KernelNeed } from "../../components/nodes/kernel-probe.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { decideNetworkMode, kernelNeeds } from "../../components/swarm/network-mode.ts";
import { FULL_KERNEL, POOR_KERNEL, ROOT } from "../support/fixtures.ts";
import { StubProgram } from "../support/stub-program.ts";
import { StubSsh } from "../support/stub-ssh.ts";

const node: NodeHandle = {
  ...{ name: "m1", role: "manager", zone: "a", address: "10.20.0.11", labels: {} },
  connection: instanceConnection({ region: "eu-central-1", lab: "dev", node: "m1" }, undefined),
};

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "swarm-lab-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

async function run(program: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(ROOT, "scripts", program)], {
    env: { ...process.env, ...env },
  });
  const said = { stdout: "", stderr: "" };
  for (const from of ["stdout", "stderr"] as const)
    child[from].on("data", (chunk) => {
      said[from] += chunk;
    });
  const [code] = (await once(child, "close")) as [number];
  return { code, ...said };
}

describe("what the network needs of a kernel", () => {
  const wish = { encryption: "auto", endpointMode: "auto", publish: "auto" } as const;
  const mode = (changes = {}) => decideNetworkMode({ ...wish, ...changes }, FULL_KERNEL);
  test.each<[object, boolean, readonly KernelNeed[]]>([
    [{}, true, ["vxlan", "esp", "xtMatch", "ipvs"]],
    [{}, false, ["vxlan", "ipvs"]],
    [{ endpointMode: "dnsrr" }, false, ["vxlan", "ipvs"]],
    [{ endpointMode: "dnsrr", publish: "host" }, true, ["vxlan", "esp", "xtMatch"]],
  ])("with %j, encrypted %s: %j", (changes, encrypted, needs) => {
    expect(kernelNeeds(mode(changes), encrypted)).toEqual(needs);
  });
});

test("a kernel that lacks what was planned is refused with the setting that does without", () => {
  const probe = { ...POOR_KERNEL, said: { esp: "no such file", ipvs: "no" } };
  expect(kernelProblems("m1", probe, ["vxlan", "esp", "ipvs"])).toEqual([
    {
      ...{ where: "m1: kernel 6.12.0", got: "no esp (no such file)" },
      need: `what the kernel ${IMAGE_KERNEL.release} has`,
      fix: "set swarm-lab:network.encryption to off",
    },
    expect.objectContaining({ got: "no ipvs (no)", fix: expect.stringContaining("dnsrr") }),
  ]);
  expect(kernelProblems("m1", probe, ["vxlan"])).toEqual([]);
  expect(kernelProblems("m1", { ...IMAGE_KERNEL, said: {} }, ["vxlan", "esp", "ipvs"])).toEqual([]);
});

describe("an instance that is made ready", () => {
  const told: InstanceInput = {
    node,
    registry: { name: "registry.internal:5000", addresses: ["10.20.0.31", "10.20.32.32"] },
    needs: ["vxlan", "ipvs"],
  };
  /** Answers the probe of the kernel; `others`: cases for what else is asked, by what is in the script. */
  const ssh = (ipvs: string, others = "") =>
    new StubSsh(`for last; do :; done
case "$last" in
${others}
*"try vxlan"*) printf 'release 6.12.1\\nvxlan yes\\nesp yes\\nxtMatch yes\\nipvs ${ipvs}\\nnetem yes\\nnfs yes\\n' ;;
*) cat >/dev/null ;;
esac`);
  const ready = () =>
    run("aws/ready.ts", { LAB_INSTANCE: JSON.stringify(told), LAB_CA: "CA-CERTIFICATE" });

  test("is waited for until cloud-init is done, and then brought what travels later", async () => {
    using stub = ssh("yes");
    expect(await ready()).toMatchObject({ code: 0, stdout: '{"node":"m1"}\n' });
    const scripts = stub.calls.map((call) => call.slice(call.indexOf("sudo -n sh -euc")));
    const order = ["cloud-init status --wait", "try vxlan", "/etc/swarm-lab/zone", "wait-engine"];
    const rest = [
      "certs.d/registry.internal:5000",
      "10.20.32.32 registry.internal",
      "wait-engine 90",
    ];
    const found = [...order, ...rest, "usermod -aG docker"].map((what) =>
      scripts.findIndex((script) => script.includes(what)),
    );
    expect(found).not.toContain(-1);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(stub.calls.join("\n")).not.toContain("CA-CERTIFICATE");
  });

  test("is refused where its kernel cannot what was planned, and nothing is brought to it", async () => {
    using stub = ssh("no it is not there");
    const { code, stderr } = await ready();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^m1 cannot be the node that was planned\n {2}- m1: kernel 6\.12\.1: got no ipvs \(it is not there\)/,
    );
    expect(stub.calls.join("\n")).not.toContain("/etc/swarm-lab/zone");
  });

  test("is no node where cloud-init did not bring its engine, and says what came of it", async () => {
    using _ = ssh(
      "yes",
      `*"cloud-init status --wait"*) echo 'E: Unable to locate package docker.io' >&2; exit 1 ;;`,
    );
    expect(await ready()).toMatchObject({
      code: 1,
      stderr:
        "m1: waiting for cloud-init failed with exit code 1: E: Unable to locate package docker.io\n",
    });
  });
});

describe("the end of an up whose nodes nobody outside reaches", () => {
  const converged = (urls: readonly string[]) =>
    run("swarm/converged.ts", {
      LAB_CONVERGED: JSON.stringify({ nodes: [node], services: [], urls, from: node }),
    });

  test("is asked on a node, until the address answers", async () => {
    using stub = new StubSsh(`for last; do :; done
case "$last" in
*--write-out*) asked=$(grep -c -e --write-out "$(dirname "$0")/calls"); [ "$asked" -gt 1 ] && printf 200 || printf 503 ;;
*) printf 'id1 m1\\n---\\n[]\\n[]\\n' ;;
esac`);
    const { code, stdout, stderr } = await converged(["http://10.20.0.31:20003"]);
    expect({ stderr, code, stdout: stdout.slice(0, 9) }).toEqual({
      stderr: "",
      code: 0,
      stdout: '{"reach":',
    });
    expect(stub.calls.filter((call) => call.includes("--write-out"))).toHaveLength(2);
  });
});

describe("the engine that builds the lab's images", () => {
  const wanted = {
    architecture: "arm64",
    where: "swarm-lab:aws.instanceType",
    got: "t4g.small",
  } as const;
  test("is refused where its images could not run on the nodes, before it builds", async () => {
    vi.stubEnv("SWARM_LAB_ENGINE", "unix:///run/other.sock");
    using stub = new StubProgram("docker", "echo amd64");
    await expect(prepareBuild({ report: () => {}, wanted })).rejects.toThrow(
      "swarm-lab:aws.instanceType: got t4g.small, whose processors are arm64, need amd64, as the engine that builds the lab's images has (unix:///run/other.sock); choose such a type",
    );
    expect(stub.calls).toHaveLength(1);
    expect(stub.calls[0]).toContain("--host\nunix:///run/other.sock\nversion");
  });
});
