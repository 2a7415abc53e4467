import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdict } from "../../components/drills/verdict.ts";
import type { Status } from "../../scripts/cli/status-model.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { TestLab } from "../e2e/support/test-lab.ts";
import { Machines } from "./support/machines.ts";

const MANAGERS = ["m1", "m2", "m3"];
const WORKERS = ["w1"];
const NAMES = [...MANAGERS, ...WORKERS];
const MINUTE = 60_000;

// The lab's commands are started with this process's environment.
process.env.SWARM_LAB_UNFINISHED = "hosts";

/** A worker without an engine: the lab has to bring it. */
const SPECS = [
  ...MANAGERS.map((name) => ({ name })),
  ...WORKERS.map((name) => ({ name, disk: "bare" as const })),
];

/** The machines as a person would write them down, and what is different about some. */
const hostsOf = (machines: Machines, changes: Readonly<Record<string, object>> = {}) =>
  NAMES.map((name, at) => {
    const { address, user, identity, hostKey } = machines.host(name);
    const role = MANAGERS.includes(name) ? "manager" : "worker";
    const zone = ["a", "b", "c"][at % 3];
    return { name, role, zone, address, user, key: identity, hostKey, ...changes[name] };
  });

describe("a lab on machines that there are", () => {
  let machines: Machines;
  let lab: TestLab;
  beforeAll(async () => {
    machines = await Machines.boot(SPECS);
    const settings = { provider: "hosts", hosts: hostsOf(machines), expendable: true };
    lab = new TestLab(settings, machines.namespace);
  }, 20 * MINUTE);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    await machines?.[Symbol.asyncDispose]();
  }, 10 * MINUTE);

  const statusNow = async () => JSON.parse((await lab.must("status", ["--json"])).stdout) as Status;

  /** What `up` says when it must refuse; the hosts must not have been touched. */
  async function refusal(): Promise<string> {
    const ran = await lab.lab("up");
    expect(ran.code, ran.stderr).not.toBe(0);
    for (const name of NAMES)
      expect(await machines.ssh(name, "ls -d /etc/swarm-lab 2>/dev/null || echo none")).toBe(
        "none",
      );
    return ran.stderr;
  }

  test("is refused with one message for all that is wrong, and touches nothing", async () => {
    const wrong = {
      m2: { hostKey: machines.host("m1").hostKey },
      m3: { user: "nobody" },
      w1: { address: "10.111.7.250" },
    };
    lab.configure({ hosts: hostsOf(machines, wrong) });
    const said = await refusal();
    expect(said).toMatch(/hosts\[1\]\.hostKey \(m2\): got another key/);
    expect(said).toMatch(/hosts\[2\]\.key \(m3\)/);
    expect(said).toMatch(/hosts\[3\]\.ssh \(w1\): got no way to 10\.111\.7\.250:22/);
    lab.configure({ hosts: hostsOf(machines) });
  });

  test("is refused where IP protocol 50 is dropped on the way", async () => {
    await machines.ssh("w1", "iptables -I INPUT -p esp -j DROP");
    expect(await refusal()).toMatch(
      /\(w1\): got nothing by IP protocol 50 \(ESP\) from m1, m2, m3/,
    );
    await machines.ssh("w1", "iptables -D INPUT -p esp -j DROP");
  });

  test("comes up on them, with an engine where there was none", async () => {
    expect(await machines.ssh("w1", "command -v dockerd || echo none")).toBe("none");
    await lab.must("up");
    const status = await statusNow();
    expect(status.provider).toBe("hosts");
    expect(status.nodes.map(({ name, state }) => `${name} ${state}`).sort()).toEqual(
      NAMES.map((name) => `${name} Ready`),
    );
    expect(status.network).toMatchObject({
      encryption: { inForce: true },
      endpointMode: { inForce: "vip" },
      publish: { inForce: "ingress" },
    });
  });

  test("answers on every machine, encrypted between them", async () => {
    const told = await lab.pulumi(["stack", "output", "lab", "--json"]);
    const description = JSON.parse(told.stdout) as LabDescription;
    const [url = ""] = description.gateway.apps.app ?? [];
    const { port } = new URL(url);
    const wire = await machines.record("lab", "esp or udp port 4789");
    for (const { address, name } of machines.hosts) {
      const ask = ["--silent", "--fail", "--max-time", "20", `http://${address}:${port}/`];
      const { code, stdout } = await machines.run("curl", ask);
      expect({ name, code }, stdout).toEqual({ name, code: 0 });
    }
    await wire.stop();
    expect(await wire.count("udp port 4789")).toBe(0);
  });

  test("proposes nothing when nothing has changed", async () => {
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  });

  test.each(["backup", "restore-cluster"])("the drill %s passes there", async (name) => {
    const ran = await lab.lab("drill", [name, "--json"]);
    const verdict = JSON.parse(ran.stdout || "{}") as Verdict;
    const wrong = verdict.checks?.filter(({ ok }) => !ok);
    expect({ verdict: verdict.verdict, wrong }, ran.stderr.slice(-3000)).toEqual({
      ...{ verdict: "passed", wrong: [] },
    });
  });

  test("a manager whose power is cut comes back as the member it was", async () => {
    const id = "docker info --format '{{.Swarm.NodeID}}'";
    const before = await machines.ssh("m3", id);
    await machines.kill("m3");
    machines.start("m3");
    await machines.awaitSsh("m3", 600);
    await lab.must("up");
    expect(await machines.ssh("m3", id)).toBe(before);
    expect((await statusNow()).swarm).toMatchObject({ managers: 3, tolerates: 1 });
  });

  test("goes, and leaves the machines as they were", async () => {
    await lab.must("down");
    const left = `ls -d /etc/swarm-lab /etc/docker/daemon.json 2>/dev/null || true
grep swarm-lab /etc/hosts || true`;
    for (const name of NAMES)
      expect({ name, left: await machines.ssh(name, left) }).toEqual({ name, left: "" });
    expect(await machines.ssh("w1", "command -v dockerd || echo none")).toBe("none");
    const swarm = "docker info --format '{{.Swarm.LocalNodeState}}'";
    expect(await machines.ssh("m1", swarm)).toBe("inactive");
    expect(await machines.ssh("m1", "docker volume ls --quiet; docker image ls --quiet")).toBe("");
  });
});
