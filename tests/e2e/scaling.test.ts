import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLab } from "./support/application.ts";
import { TestLab } from "./support/test-lab.ts";

interface PlannedStep {
  readonly op: string;
  readonly urn: string;
}

/** What a preview would do to resources, by operation, without those it leaves alone. */
async function planned(lab: TestLab): Promise<Record<string, string[]>> {
  const preview = await lab.pulumi(["preview", "--json"]);
  expect(preview.code, preview.stderr).toBe(0);
  const { steps } = JSON.parse(preview.stdout) as { steps: PlannedStep[] };
  const byOperation: Record<string, string[]> = {};
  for (const { op, urn } of steps) {
    if (op !== "same" && !op.startsWith("read")) {
      byOperation[op] = [...(byOperation[op] ?? []), urn.split("::").at(-1) ?? ""];
    }
  }
  return byOperation;
}

const MEMBERS = "docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}' | sort";

/** Growing and shrinking one lab, in order: each test finds it as the one before left it. */
describe("a lab that changes its size", () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = new TestLab({
      workers: 1,
      services: {},
      secrets: {},
      configs: {},
      registry: { enabled: false },
    });
    await lab.must("up");
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  test("only adds when it grows", async () => {
    lab.configure({ managers: 5, workers: 2 });
    const operations = await planned(lab);
    // The gates look again, at more nodes; nothing else that is there is touched.
    expect(Object.keys(operations).sort()).toEqual(["create", "update"]);
    expect(
      operations.update?.filter((name) => !/^(swarm-ready|converged)$|^swarm-lab-/.test(name)),
    ).toEqual([]);
    expect(operations.create).toEqual(
      expect.arrayContaining(["swarm-m4-join", "swarm-m5-join", "swarm-w2-join"]),
    );
    const before = await lab.on("m1", "docker node ls -q | sort");
    await lab.must("up");
    const members = (await lab.on("m1", MEMBERS)).split("\n");
    expect(members.map((line) => line.split(" ")[0])).toEqual([
      "m1",
      "m2",
      "m3",
      "m4",
      "m5",
      "w1",
      "w2",
    ]);
    expect(members.every((line) => line.includes("Ready"))).toBe(true);
    const after = await lab.on("m1", "docker node ls -q | sort");
    for (const id of before.split("\n")) expect(after).toContain(id);
  });

  test("refuses a removal that would lose the quorum, and changes nothing", async () => {
    // Of five managers two are dead; removing a living one would leave two of four.
    for (const dead of ["m1", "m2"]) await lab.docker(["kill", `swarm-lab-${lab.stack}-${dead}`]);
    await expect
      .poll(() => lab.on("m3", MEMBERS), { timeout: 60_000, interval: 1000 })
      .toMatch(/m1 \S+ Unreachable\nm2 \S+ Unreachable/);
    const { nodes } = await describeLab(lab);
    const leaving = nodes.find(({ name }) => name === "m5");
    const left = await lab.run("node", ["scripts/swarm/leave.ts"], {
      LAB_MEMBER: JSON.stringify({ node: leaving, spec: { availability: "drain", labels: {} } }),
      LAB_PEERS: JSON.stringify(nodes.filter(({ role }) => role === "manager")),
    });
    expect(left.code).toBe(1);
    expect(left.stderr.trim()).toBe(
      "m5: removing this manager would lose the quorum: 2 of the 4 that stay answer, 3 are needed; bring m1, m2 back first, or lose it on purpose with `npm run up -- --lose-quorum`",
    );
    expect(await lab.on("m3", "docker node ls -q | wc -l")).toBe("7");
    expect(await lab.docker(["ps", "-q", "--filter", `name=swarm-lab-${lab.stack}-m5`])).not.toBe(
      "",
    );
  });

  test("drains, demotes and removes when it shrinks, and comes back to its first size", async () => {
    lab.configure({ managers: 3, workers: 1 });
    await lab.must("up"); // starts the dead managers first
    expect((await lab.on("m1", MEMBERS)).split("\n").map((line) => line.split(" ")[0])).toEqual([
      "m1",
      "m2",
      "m3",
      "w1",
    ]);
    const left = await lab.docker([
      "ps",
      "-a",
      "--filter",
      `label=swarm-lab.lab=${lab.stack}`,
      "--format",
      "{{.Names}}",
    ]);
    expect(left).not.toMatch(/-(m4|m5|w2)/);
    const again = await lab.pulumi(["preview", "--expect-no-changes"]);
    expect(again.code, again.stdout).toBe(0);
  });

  test("takes back a first manager that lost its disk as a member, not as a second swarm", async () => {
    const cluster = "docker info --format '{{.Swarm.Cluster.ID}}'";
    const before = await lab.on("m2", cluster);
    const first = `swarm-lab-${lab.stack}-m1`;
    await lab.docker(["rm", "--force", first]);
    await lab.docker(["volume", "rm", first]);
    await lab.must("up");
    expect(await lab.on("m1", cluster)).toBe(before);
    const managers = await lab.on(
      "m2",
      "docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}' | grep -c 'Reachable\\|Leader'",
    );
    expect(Number(managers)).toBe(3);
  });

  test("loses the quorum when it is told to", async () => {
    await lab.docker(["kill", `swarm-lab-${lab.stack}-m1`]);
    await expect
      .poll(() => lab.on("m3", MEMBERS), { timeout: 60_000, interval: 1000 })
      .toMatch(/m1 \S+ Unreachable/);
    const { nodes } = await describeLab(lab);
    const leaving = nodes.find(({ name }) => name === "m2");
    const left = await lab.run("node", ["scripts/swarm/leave.ts"], {
      LAB_MEMBER: JSON.stringify({ node: leaving, spec: { availability: "drain", labels: {} } }),
      LAB_PEERS: JSON.stringify(nodes.filter(({ role }) => role === "manager")),
      LAB_LOSE_QUORUM: "yes",
    });
    expect(left.code, left.stderr).toBe(0);
    expect(left.stderr).toMatch(/the managers that stay have no quorum, as was asked for/);
    const container = `swarm-lab-${lab.stack}-m3`;
    const ask = ["exec", container, "timeout", "8", "docker", "node", "ls"];
    await expect
      .poll(async () => (await lab.run("docker", ask)).code, { timeout: 60_000, interval: 1000 })
      .not.toBe(0);
  });
});
