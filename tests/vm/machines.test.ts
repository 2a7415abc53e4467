import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Look, waitFor } from "../../scripts/lib/wait.ts";
import { type Answer, APP_OPTIONS, ask, loadApp, PORT } from "./support/app.ts";
import { Machines } from "./support/machines.ts";
import { connectionTo } from "./support/make.ts";
import { showProgress } from "./support/progress.ts";
import {
  awaitEngine,
  awaitReady,
  awaitTasks,
  inTask,
  type Member,
  makeSwarm,
  members,
} from "./support/swarm.ts";

showProgress();

const NAMES = ["m1", "m2", "m3"] as const;
let machines: Machines;
let image: string;

beforeAll(async () => {
  machines = await Machines.boot(NAMES.map((name) => ({ name })));
  await Promise.all(NAMES.map((name) => awaitEngine(machines, name, 120)));
  image = await loadApp(machines, NAMES);
});
afterAll(async () => machines?.[Symbol.asyncDispose]());

/** A service of the application on a network of its own kind. Returns when its tasks run. */
async function serve(name: string, options: string, tasks: number): Promise<string[]> {
  await machines.ssh(
    "m1",
    `docker service create --name ${name} ${options} ${APP_OPTIONS} ${image}`,
  );
  return awaitTasks(machines, "m1", name, tasks);
}

/** The addresses at which the task on one machine reaches the tasks of all. */
async function addressesFrom(name: string, service: string): Promise<string[]> {
  interface Reach {
    readonly addresses: readonly { address: string; ok: boolean; node: string }[];
  }
  const look = async (): Promise<Look<string[]>> => {
    const said = await inTask(machines, name, service, `probe ${service} ${PORT}`);
    const { addresses } = JSON.parse(said) as Reach;
    const reached = addresses.filter(({ ok }) => ok).map(({ node }) => node);
    if (NAMES.every((each) => reached.includes(each)))
      return { done: addresses.map(({ address }) => address) };
    return { waiting: said };
  };
  return waitFor(`tasks of ${service} reached from ${name}`, look, { deadline: 90, interval: 1 });
}

/** Sends a marker between the tasks on all nodes and tells what was on the wire meanwhile. */
async function overlay(name: string, options: string) {
  await machines.ssh("m1", `docker network create --driver overlay ${options} ${name}`);
  const service = `on-${name}`;
  await serve(service, `--mode global --network ${name}`, NAMES.length);
  const addresses = new Map<string, string[]>();
  for (const from of NAMES) addresses.set(from, await addressesFrom(from, service));
  const marker = `marker-${randomBytes(12).toString("hex")}`;
  const wire = await machines.record(name, "esp or udp port 4789");
  for (const [from, all] of addresses) {
    const requests = all.map((to) => `wget -q -O /dev/null 'http://${to}:${PORT}/?${marker}'`);
    await inTask(machines, from, service, requests.join("\n"));
  }
  await wire.stop();
  await machines.ssh("m1", `docker service rm ${service}`);
  const [esp, vxlan] = [await wire.count("esp"), await wire.count("udp port 4789")];
  return { esp, vxlan, shown: await wire.shows(marker) };
}

/** Answers of one machine's published port until every replica was seen, or 30 of them. */
async function replicasThrough(name: string, port: number, replicas: number): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let round = 0; round < 30 && seen.size < replicas; round++) {
    const answer = await ask(machines, name, port);
    if (answer) seen.add(answer.task);
  }
  return seen;
}

describe("machines", () => {
  test.each(NAMES)(
    "%s proves the host key that it was given, and no other is taken",
    async (name) => {
      const other = machines.host(name === "m1" ? "m2" : "m1");
      const lied = { ...machines.host(name), hostKey: other.hostKey };
      const wrong = connectionTo(lied);
      const refused = await machines.exec(wrong, "true", { alone: true });
      expect(refused.code).toBe(255);
      expect(refused.stderr).toContain("Host key verification failed");
      expect(await machines.ssh(name, "hostname; id -u")).toBe(`${name}\n0`);
    },
  );

  test("reach each other and nothing else", async () => {
    const peer = `ping -c 1 -W 5 ${machines.host("m2").address}`;
    expect(await machines.ssh("m1", `${peer} >/dev/null; ip route show default`)).toBe("");
  });
});

describe("a swarm of three", () => {
  test("is made", async () => {
    const list = await makeSwarm(machines, NAMES);
    expect(list.map(({ ManagerStatus }) => ManagerStatus).sort()).toEqual([
      "Leader",
      "Reachable",
      "Reachable",
    ]);
  });

  test("carries requests over an encrypted overlay, and nobody reads them on the wire", async () => {
    const { esp, vxlan, shown } = await overlay("secret", "--opt encrypted");
    expect(esp).toBeGreaterThan(0);
    expect({ vxlan, shown }).toEqual({ vxlan: 0, shown: false });
  });

  test("shows the same requests to everybody when the overlay is not encrypted", async () => {
    const { esp, vxlan, shown } = await overlay("open", "");
    expect(vxlan).toBeGreaterThan(0);
    expect({ esp, shown }).toEqual({ esp: 0, shown: true });
  });

  test("spreads requests to a virtual IP over all replicas", async () => {
    const on = await serve("vip", "--replicas 3 --network secret", 3);
    const from = on[0] ?? "";
    const requests = (count: number) =>
      `for i in $(seq ${count}); do wget -q -T 10 -O - http://vip:${PORT}/; done`;
    const tasksIn = (said: string) =>
      said
        .split("\n")
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as Answer).task);
    const three = new Set(["1", "2", "3"]);
    const all = async (): Promise<Look<true>> => {
      const said = await inTask(machines, from, "vip", `${requests(3)} || true`);
      const seen = new Set(tasksIn(said));
      return seen.size === 3 ? { done: true } : { waiting: `answers of ${[...seen].join(", ")}` };
    };
    await waitFor("answers of all replicas", all, { deadline: 90, interval: 1 });
    // From then on each is asked in turn, and none is lost.
    const tasks = tasksIn(await inTask(machines, from, "vip", requests(9)));
    expect(tasks).toHaveLength(9);
    expect(new Set(tasks)).toEqual(three);
    const vip = await machines.ssh(
      "m1",
      "docker service inspect --format '{{(index .Endpoint.VirtualIPs 0).Addr}}' vip",
    );
    const found = await inTask(machines, from, "vip", "nslookup -type=a vip");
    expect(found).toContain(vip.split("/")[0]);
  });

  test("answers on the published port of every node, also of one without a task", async () => {
    const options = `--replicas 2 --constraint node.hostname!=m3 --publish 80:${PORT}`;
    expect(await serve("mesh", options, 2)).not.toContain("m3");
    for (const name of NAMES)
      expect(await replicasThrough(name, 80, 2), name).toEqual(new Set(["1", "2"]));
  });

  test("takes a member back that lost its power", async () => {
    const before = await members(machines, "m1");
    await machines.ssh("m2", "echo written >/root/kept; sync");
    await machines.kill("m2");
    const down = async (): Promise<Look<Member>> => {
      const m2 = (await members(machines, "m1")).find(({ Hostname }) => Hostname === "m2");
      return m2?.Status === "Down" ? { done: m2 } : { waiting: JSON.stringify(m2) };
    };
    const seen = await waitFor("m2 to be seen Down", down, { deadline: 120, interval: 1 });
    expect(seen.ManagerStatus).toBe("Unreachable");
    machines.start("m2");
    await machines.awaitSsh("m2", 300);
    expect(await machines.ssh("m2", "cat /root/kept")).toBe("written");
    await awaitEngine(machines, "m2", 120);
    const after = await awaitReady(machines, "m1", NAMES, 120);
    const ids = (list: typeof after) => list.map(({ ID, Hostname }) => `${Hostname} ${ID}`).sort();
    expect(ids(after)).toEqual(ids(before));
    const answers = async () =>
      (await ask(machines, "m2", 80)) ? { done: true } : { waiting: "no answer" };
    await waitFor("the mesh on m2", answers, { deadline: 120, interval: 1 });
  });
});
