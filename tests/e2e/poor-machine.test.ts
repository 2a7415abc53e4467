/**
 * Machines that cannot hold a lab, through the real docker client: a faked engine says what is hard to come by, and a
 * small file system is really full.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "../../components/errors.ts";
import { prepareLocal } from "../../components/nodes/local/plan.ts";
import { settle } from "../../components/nodes/local/settle.ts";
import { survey } from "../../components/nodes/local/survey.ts";
import { FakeEngine, type FakeEngineState } from "../support/fake-engine.ts";

const TITLE = "this machine cannot hold the lab as it is configured; nothing was changed";
const wish = { lab: "poor", subnet: "auto", avoid: [], ports: {} };

/** Runs `use` with SWARM_LAB_ENGINE set, and sets it back. */
async function at<T>(engine: string, use: () => Promise<T>): Promise<T> {
  const before = process.env.SWARM_LAB_ENGINE;
  process.env.SWARM_LAB_ENGINE = engine;
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env.SWARM_LAB_ENGINE;
    else process.env.SWARM_LAB_ENGINE = before;
  }
}

/** The preflight's whole message on such a machine, which must have changed nothing. */
async function refusal(state: Partial<FakeEngineState>, changes: object = {}): Promise<string> {
  await using engine = await FakeEngine.start(state);
  const prepare = () => prepareLocal({ ...wish, ...changes, report: () => {} });
  const error: unknown = await at(engine.url, prepare).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(engine.requests.filter((request) => !/^(GET|HEAD) /.test(request))).toEqual([]);
  return (error as UserError).message;
}

/** A file system of so many MiB, mounted until the test ends. */
class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "swarm-lab-disk-"));

  constructor(mebibytes: number) {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", this.path]);
  }

  [Symbol.dispose](): void {
    execFileSync("umount", [this.path]);
    rmSync(this.path, { recursive: true });
  }
}

/** Only root may mount a file system; for others the small disk that these tests need cannot be made. */
const asRoot = test.skipIf(process.getuid?.() !== 0);

describe("a lab is refused", () => {
  test("by an engine that is too old", async () => {
    expect(await refusal({ version: "18.09.1", api: "1.39" })).toBe(
      `${TITLE}\n  - engine: got version 18.09.1, need 20.10 or newer; update Docker`,
    );
  });

  asRoot("by a disk that is full", async () => {
    using disk = new SmallDisk(16);
    writeFileSync(join(disk.path, "filled"), Buffer.alloc(2 ** 20));
    expect(await refusal({ root: disk.path })).toBe(
      `${TITLE}\n  - disk: got 15 MiB free where the engine keeps its data, need at least 2048 MiB; free some, for instance by removing images you no longer use`,
    );
  });

  test("by a container that has a node's name", async () => {
    const containers = [{ name: "swarm-lab-poor-m1" }, { name: "other" }];
    expect(await refusal({ containers })).toContain("container swarm-lab-poor-m1: got a container");
  });

  test("by a network in the subnet that is asked for", async () => {
    const networks = [{ id: "n1", name: "office", subnets: ["10.77.0.0/16"] }];
    expect(await refusal({ networks }, { subnet: "10.77.1.0/24" })).toContain(
      "got 10.77.1.0/24, which overlaps 10.77.0.0/16 of network office",
    );
  });

  asRoot("for all of it at once", async () => {
    using disk = new SmallDisk(1);
    const containers = [{ name: "swarm-lab-poor-gateway" }];
    const message = await refusal({
      version: "19.03.15",
      api: "1.40",
      root: disk.path,
      containers,
    });
    const where = message.split("\n").map((line) => /^ {2}- ([\w -]+):/.exec(line)?.[1]);
    expect(where).toEqual([undefined, "engine", "disk", "container swarm-lab-poor-gateway"]);
  });

  test("when no engine answers, and the person is told which one", async () => {
    const nowhere = "unix:///nonexistent/docker.sock";
    const prepare = at(nowhere, () => prepareLocal({ ...wish, report: () => {} }));
    await expect(prepare).rejects.toThrow(UserError);
    await expect(prepare).rejects.toThrow(/^engine: got no answer from unix:\/\/\/nonexistent/);
  });
});

describe("a survey", () => {
  const seen = async (state: Partial<FakeEngineState>, lab = "poor") => {
    await using engine = await FakeEngine.start(state);
    return await survey(engine.url, lab);
  };

  test("tells what the engine has, and which of it is the lab's", async () => {
    const labels = { "swarm-lab.lab": "poor" };
    const found = await seen({
      networks: [
        { id: "b0", name: "bridge", subnets: ["172.17.0.0/16"] },
        { id: "n1", name: "swarm-lab-poor", subnets: ["10.211.0.0/24"], labels },
        { id: "n2", name: "six", subnets: ["10.9.0.0/24", "fd00::/64"] },
        { id: "h0", name: "host", subnets: [] },
      ],
      containers: [
        { name: "swarm-lab-poor-m1", labels },
        {
          name: "swarm-lab-poor-gateway",
          labels: { ...labels, "swarm-lab.ports": "api=20001,registry=20002" },
        },
      ],
    });
    expect(found.networks.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: "bridge", subnets: ["172.17.0.0/16"], lab: undefined },
      { name: "host", subnets: [], lab: undefined },
      { name: "six", subnets: ["10.9.0.0/24", "fd00::/64"], lab: undefined },
      { name: "swarm-lab-poor", subnets: ["10.211.0.0/24"], lab: "poor" },
    ]);
    expect(found).toMatchObject({
      engineVersion: "26.1.5",
      containers: [
        { name: "swarm-lab-poor-m1", lab: "poor" },
        { name: "swarm-lab-poor-gateway", lab: "poor" },
      ],
      ownPorts: { api: 20_001, registry: 20_002 },
    });
    expect(found.interfaces).toContain("127.0.0.1/8");
    expect(found.freeBytes).toBeUndefined();
  });

  test("is not in the way of a lab whose name begins with another lab's", async () => {
    const containers = ["swarm-lab-poor-2-m1", "swarm-lab-poor-m1-gateway"].map((name) => ({
      name,
      labels: { "swarm-lab.lab": name.replace(/^swarm-lab-(.*)-\w+$/, "$1") },
    }));
    expect((await settle(await seen({ containers }), wish)).problems).toEqual([]);
  });

  test("goes on when a network is removed while it looks", async () => {
    const networks = [
      { id: "b0", name: "bridge", subnets: ["172.17.0.0/16"] },
      { id: "n9", name: "swarm-lab-other", subnets: ["10.212.0.0/24"], vanishing: true },
    ];
    expect((await seen({ networks })).networks.map(({ name }) => name)).toEqual(["bridge"]);
  });
});
