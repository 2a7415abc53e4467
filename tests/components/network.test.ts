import { x } from "tinyexec";
import { describe, expect, test } from "vitest";
import { LabNetwork } from "../../components/nodes/local/network.ts";
import { ARGS } from "../support/component-args.ts";
import { record } from "../support/mocks.ts";
import { StubDocker } from "../support/stub-docker.ts";

async function build(labels: Readonly<Record<string, string>> = { team: "blue" }) {
  const args = { ...ARGS.LabNetwork(), labels };
  const { made, recording } = await record(() => new LabNetwork("n", args));
  expect(recording.custom).toHaveLength(1);
  return { made, bridge: recording.one("n-bridge") };
}

test("the network is one command with its settings in the environment", async () => {
  const { made, bridge } = await build();
  const { create, delete: remove, environment, ...rest } = bridge.inputs;
  expect(rest).toEqual({
    interpreter: ["/bin/sh", "-euc"],
    triggers: ["10.210.3.0/24"],
    addPreviousOutputInEnv: false,
    logging: "stderr",
  });
  expect(environment).toMatchObject({
    DOCKER_HOST: "unix:///var/run/docker.sock",
    LAB: "dev",
    NAME: "swarm-lab-dev",
    SUBNET: "10.210.3.0/24",
  });
  expect(bridge.options.deleteBeforeReplace).toBe(true);
  expect(made.networkName).toBe("swarm-lab-dev");
});

/** Runs the command's own script with a docker that answers as `body` says. */
async function run(verb: "create" | "delete", body: string, labels = {}) {
  const { bridge } = await build(labels);
  using docker = new StubDocker(body);
  const [shell = "", ...flags] = bridge.inputs.interpreter as string[];
  const env = { ...(bridge.inputs.environment as Record<string, string>), PATH: docker.path };
  const ran = await x(shell, [...flags, String(bridge.inputs[verb])], { nodeOptions: { env } });
  return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr, calls: docker.calls };
}

const NONE = `[ "$2" != inspect ] || { echo "network $5 not found" >&2; exit 1; }`;

describe("making it", () => {
  test("creates a bridge with this subnet and the lab's labels, each one word", async () => {
    const labels = { note: "it's a 'lab' of $HOME; * all", team: "blue" };
    const { code, stdout, calls } = await run("create", NONE, labels);
    expect(code).toBe(0);
    expect(stdout).toBe("swarm-lab-dev");
    expect(calls.at(-1)).toEqual([
      ...["network", "create", "--driver", "bridge", "--subnet", "10.210.3.0/24"],
      "--label=note=it's a 'lab' of $HOME; * all",
      "--label=team=blue",
      "--label=swarm-lab.lab=dev",
      "swarm-lab-dev",
    ]);
  });

  test("takes over the lab's own of an interrupted run", async () => {
    const { code, stdout, calls } = await run("create", "echo dev 10.210.3.0/24");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "swarm-lab-dev" });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ["another lab's", "echo other 10.210.3.0/24"],
    ["nobody's", "echo ' 10.210.3.0/24'"],
    ["one with another subnet", "echo dev 10.9.9.0/24"],
  ])("refuses %s", async (_, body) => {
    const { code, stderr, calls } = await run("create", body);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^network swarm-lab-dev exists and is not this lab's \(.*\)\n$/);
    expect(calls).toHaveLength(1);
  });

  test("fails when the engine does not make it", async () => {
    const { code, stderr } = await run("create", 'echo "no engine" >&2; exit 1');
    expect(code).toBe(1);
    expect(stderr).toContain("no engine");
  });
});

describe("removing it", () => {
  test("removes the lab's own, and the volumes of its nodes before it", async () => {
    const { code, calls } = await run("delete", '[ "$2" != ls ] || echo "$1-1 $1-2"');
    expect(code).toBe(0);
    expect(calls).toEqual([
      expect.arrayContaining(["volume", "name=^swarm-lab-dev-", "label=swarm-lab.lab=dev"]),
      ["volume", "rm", "volume-1", "volume-2"],
      expect.arrayContaining(["network", "name=^swarm-lab-dev$", "label=swarm-lab.lab=dev"]),
      ["network", "rm", "network-1 network-2"],
    ]);
  });

  test("is done when it is gone", async () => {
    const { code, calls } = await run("delete", "exit 0");
    expect(code).toBe(0);
    expect(calls.map(([, verb]) => verb)).toEqual(["ls", "ls"]);
  });

  test.each(["volume", "network"])(
    "fails when the engine does not answer about a %s",
    async (thing) => {
      const silent = `[ "$1" != ${thing} ] || { echo "cannot connect" >&2; exit 1; }`;
      const { code, stderr } = await run("delete", silent);
      expect(code).not.toBe(0);
      expect(stderr).toContain("cannot connect");
    },
  );

  test.each(["volume", "network"])("fails when a %s is in use", async (thing) => {
    const inUse = `if [ "$1 $2" = "${thing} rm" ]; then echo "still in use" >&2; exit 1; fi; [ "$2" != ls ] || echo 0123`;
    const { code, stderr } = await run("delete", inUse);
    expect(code).not.toBe(0);
    expect(stderr).toContain("still in use");
  });
});
