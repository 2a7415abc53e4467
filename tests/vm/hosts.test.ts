import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdict } from "../../components/drills/verdict.ts";
import { exerciseNamed } from "../../components/practice/catalogue/index.ts";
import type { Status } from "../../scripts/cli/status-model.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { type Settings, TestLab } from "../e2e/support/test-lab.ts";
import { graded } from "../practice/support/graded.ts";
import { Person } from "../practice/support/person.ts";
import { Machines } from "./support/machines.ts";
import { showProgress } from "./support/progress.ts";
import { inTask } from "./support/swarm.ts";

const MANAGERS = ["m1", "m2", "m3"];
const WORKERS = ["w1", "w2"];
const NAMES = [...MANAGERS, ...WORKERS];
const MINUTE = 60_000;

showProgress();

// The lab's commands are started with this process's environment.
process.env.SWARM_LAB_UNFINISHED = "hosts";

/** One worker is without an engine: the lab has to bring it. Not the one with the registry, for which all wait. */
const SPECS = NAMES.map((name) => (name === "w2" ? { name, disk: "bare" as const } : { name }));

/** The machines as a person would write them down, and what is different about some. */
const hostsOf = (machines: Machines, changes: Readonly<Record<string, object>> = {}) =>
  NAMES.map((name, at) => {
    const { address, user, identity, hostKey } = machines.host(name);
    const role = MANAGERS.includes(name) ? "manager" : "worker";
    const zone = ["a", "b", "c"][at % 3];
    return { name, role, zone, address, user, key: identity, hostKey, ...changes[name] };
  });

/** A probe every second that asks the application is twenty processes every second: more than an emulated machine can start. */
const UNHURRIED = {
  healthcheck: {
    test: ["CMD", "test", "-r", "/run/secrets/app-token"],
    ...{ interval: "15s", timeout: "30s", retries: 3 },
  },
  update: { parallelism: 1, order: "start-first", failureAction: "rollback", monitor: "8s" },
  rollback: { parallelism: 2, monitor: "5s" },
};

describe("a lab on machines that there are", () => {
  let machines: Machines;
  let lab: TestLab;
  beforeAll(async () => {
    machines = await Machines.boot(SPECS);
    const settings = { provider: "hosts", hosts: hostsOf(machines), expendable: true };
    lab = new TestLab(settings, machines.namespace);
    const { app } = lab.setting<{ app: Settings }>("services");
    lab.configure({ services: { app: { ...app, ...UNHURRIED } } });
  }, 20 * MINUTE);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    await machines?.[Symbol.asyncDispose]();
  }, 10 * MINUTE);

  const statusNow = async () => JSON.parse((await lab.must("status", ["--json"])).stdout) as Status;

  /** The application answers at every machine's address: the ingress mesh has no node on which it does not (moby#34987). */
  async function everyMachineAnswers(): Promise<void> {
    const told = await lab.pulumi(["stack", "output", "lab", "--json"]);
    const description = JSON.parse(told.stdout) as LabDescription;
    const [url = ""] = description.gateway.apps.app ?? [];
    const { port } = new URL(url);
    for (const { address, name } of machines.hosts) {
      const ask = ["--silent", "--fail", "--max-time", "20", `http://${address}:${port}/`];
      const { code, stdout } = await machines.run("curl", ask);
      expect({ name, code }, stdout).toEqual({ name, code: 0 });
    }
  }

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
    expect(await machines.ssh("w2", "command -v dockerd || echo none")).toBe("none");
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

  test("answers on every machine", everyMachineAnswers);

  test("carries requests between its tasks, and nobody reads them on the wire", async () => {
    // Not through the mesh: the ingress network is Swarm's own, and not encrypted.
    const wire = await machines.record("lab", "esp or udp port 4789");
    for (const name of WORKERS) {
      const { addresses } = JSON.parse(await inTask(machines, name, "app", "probe app 8080 10"));
      expect(addresses.map(({ ok }: { ok: boolean }) => ok)).toEqual([true, true, true]);
    }
    await wire.stop();
    expect(await wire.count("esp")).toBeGreaterThan(0);
    expect(await wire.count("udp port 4789")).toBe(0);
  });

  test("proposes nothing when nothing has changed", async () => {
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  });

  test("the exercise that wants a shared volume is graded there", async () => {
    const person = new Person(lab, (node, script) => machines.ssh(node, script));
    await graded(exerciseNamed("shared-volume"), { lab, person, known: undefined });
  });

  /** The drills that are run everywhere, and those that no kernel but these machines' own lets run. */
  const DRILLS = [
    ...["backup", "volume-moves", "clock-skew", "overlay-keys"],
    ...["quorum-loss", "restore-cluster"],
  ];
  test.each(DRILLS)("the drill %s passes there, and every machine answers", async (name) => {
    const ran = await lab.lab("drill", [name, "--json"]);
    const verdict = JSON.parse(ran.stdout || "{}") as Verdict;
    const wrong = verdict.checks?.filter(({ ok }) => !ok);
    const { reason } = verdict;
    expect({ verdict: verdict.verdict, reason, wrong }, ran.stderr.slice(-3000)).toMatchObject({
      ...{ verdict: "passed", wrong: [] },
    });
    await everyMachineAnswers();
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
    expect(await machines.ssh("w2", "command -v dockerd || echo none")).toBe("none");
    const swarm = "docker info --format '{{.Swarm.LocalNodeState}}'";
    expect(await machines.ssh("m1", swarm)).toBe("inactive");
    expect(await machines.ssh("m1", "docker volume ls --quiet; docker image ls --quiet")).toBe("");
  });
});
