import { createServer, type Server } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import {
  type LocalWish,
  machineProblems,
  portIsFree,
  settle,
} from "../../components/nodes/local/settle.ts";
import { settleSubnet } from "../../components/nodes/local/subnet.ts";
import type { Survey } from "../../components/nodes/local/survey.ts";
import { overlaps } from "../../components/nodes/plan.ts";

const MIB = 2 ** 20;
const survey = (changes: Partial<Survey> = {}): Survey => ({
  engineVersion: "26.1.5+dfsg1",
  networks: [],
  interfaces: ["127.0.0.1/8"],
  containers: [],
  ownPorts: {},
  freeBytes: 2048 * MIB,
  ...changes,
});
const wish = (changes: Partial<LocalWish> = {}): LocalWish => ({
  lab: "dev",
  subnet: "auto",
  avoid: [],
  ports: {},
  ...changes,
});
const API = "swarm-lab:ports.api";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A loopback port that something listens on until the test ends. */
function taken(): Promise<number> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

describe("a machine is refused", () => {
  test.each<[string, Partial<Survey>, string]>([
    [
      "whose engine is too old",
      { engineVersion: "18.09.1" },
      "engine: got version 18.09.1, need 20.10 or newer; update Docker",
    ],
    [
      "whose disk is full",
      { freeBytes: 2048 * MIB - 1 },
      "disk: got 2047 MiB free where the engine keeps its data, need at least 2048 MiB; free some, for instance by removing images you no longer use",
    ],
    [
      "where a container has a node's name",
      { containers: [{ name: "swarm-lab-dev-m1", lab: undefined }] },
      "container swarm-lab-dev-m1: got a container that this lab did not make, need the name for a node; rename or remove it, or use another stack name",
    ],
  ])("%s", (_, changes, message) => {
    expect(machineProblems(survey(changes), "dev").map(describeProblem)).toEqual([message]);
  });
});

describe("a machine is taken", () => {
  test.each<[string, Partial<Survey>]>([
    ["with the oldest engine that will do", { engineVersion: "20.10.0" }],
    ["with an engine that is its own build", { engineVersion: "dev" }],
    ["with just enough disk", {}],
    ["whose disk cannot be seen", { freeBytes: undefined }],
    ["with the lab's own containers", { containers: [{ name: "swarm-lab-dev-m1", lab: "dev" }] }],
  ])("%s", (_, changes) => {
    expect(machineProblems(survey(changes), "dev")).toEqual([]);
  });
});

const network = (cidr: string, lab?: string) => ({
  name: `of-${lab ?? "none"}`,
  subnets: [cidr],
  lab,
});
const octet = fc.integer({ min: 0, max: 255 });
/** CIDRs that may well meet those which a lab chooses from; thirty of them leave some. */
const cidr = fc
  .tuple(fc.integer({ min: 200, max: 255 }), octet, octet, fc.integer({ min: 16, max: 30 }))
  .map(([second, third, fourth, bits]) => `10.${second}.${third}.${fourth}/${bits}`);

describe("a subnet that is left to the machine", () => {
  test("overlaps nothing that is taken", () => {
    const arrays = fc.tuple(fc.array(cidr), fc.array(cidr), fc.array(cidr), fc.string());
    fc.assert(
      fc.property(arrays, ([networks, interfaces, avoid, lab]) => {
        const seen = survey({ interfaces, networks: networks.map((each) => network(each)) });
        const { subnet, problem } = settleSubnet(seen, wish({ lab, avoid }));
        const taken = [...networks, ...interfaces, ...avoid];
        return problem === undefined && !taken.some((each) => overlaps(each, subnet));
      }),
    );
  });

  test("is the lab's own where it stands, whatever else is there by now", () => {
    const networks = [network("10.211.7.0/24", "dev"), network("10.211.7.0/24", "other")];
    const seen = survey({ networks, interfaces: ["10.211.7.1/24"] });
    expect(settleSubnet(seen, wish())).toEqual({ subnet: "10.211.7.0/24" });
  });

  test("is the same for the same lab on the same machine", () => {
    expect(settleSubnet(survey(), wish())).toEqual(settleSubnet(survey(), wish()));
  });

  test("cannot be had where the machine uses all there are", () => {
    const seen = survey({ interfaces: ["127.0.0.1/8", "10.8.0.6/8"] });
    const { problem } = settleSubnet(seen, wish());
    expect(problem && describeProblem(problem)).toEqual(
      expect.stringMatching(
        /^swarm-lab:network\.subnet: got auto, and no \/24 from 10\.210\.0\.0 to 10\.249\.255\.255 is free \(10\.[\d.]+\/24: 10\.8\.0\.6\/8 of the machine\), need a subnet that nothing on this machine uses; give one$/,
      ),
    );
  });

  test("of a standing lab stays away from what the lab uses inside", () => {
    const seen = survey({ networks: [network("10.211.7.0/24", "dev")] });
    const { problem } = settleSubnet(seen, wish({ avoid: ["10.211.0.0/16"] }));
    expect(problem && describeProblem(problem)).toBe(
      "swarm-lab:network: got 10.211.0.0/16 for use inside the swarm, which overlaps 10.211.7.0/24 of this lab's nodes, need subnets apart; choose another one",
    );
  });
});

describe("a subnet that is asked for", () => {
  const asked = wish({ subnet: "10.77.0.0/24" });
  test.each<[string, Partial<Survey>]>([
    ["where nothing is near", { networks: [network("10.78.0.0/24"), network("fd00::/64")] }],
    ["where the lab stands in it", { networks: [network("10.77.0.0/24", "dev")] }],
    [
      "where the interface in it is the lab's bridge",
      { networks: [network("10.77.0.0/24", "dev")], interfaces: ["10.77.0.1/24"] },
    ],
  ])("is taken %s", (_, changes) => {
    expect(settleSubnet(survey(changes), asked)).toEqual({ subnet: "10.77.0.0/24" });
  });

  test.each<[string, Partial<Survey>, string]>([
    [
      "where a network is",
      { networks: [network("10.77.0.0/16")] },
      "got 10.77.0.0/24, which overlaps 10.77.0.0/16 of network of-none, need a subnet that nothing on this machine uses; choose another one, or set it to auto",
    ],
    [
      "where another lab is",
      { networks: [network("10.77.0.128/25", "other")] },
      "got 10.77.0.0/24, which overlaps 10.77.0.128/25 of network of-other, need a subnet that nothing on this machine uses; choose another one, or set it to auto",
    ],
    [
      "where the machine itself is",
      { interfaces: ["10.77.0.9/24"] },
      "got 10.77.0.0/24, which overlaps 10.77.0.9/24 of the machine, need a subnet that nothing on this machine uses; choose another one, or set it to auto",
    ],
    [
      "where the lab stands in another one",
      { networks: [network("10.211.7.0/24", "dev")] },
      "got 10.77.0.0/24, need 10.211.7.0/24, in which this lab stands: its nodes keep their addresses; set it back, or npm run down and up again",
    ],
  ])("is refused %s", (_, changes, message) => {
    const { problem } = settleSubnet(survey(changes), asked);
    expect(problem && describeProblem(problem)).toBe(`swarm-lab:network.subnet: ${message}`);
  });
});

describe("a port", () => {
  test("is free when nothing listens on it", async () => {
    const port = await taken();
    expect(await portIsFree(port)).toBe(false);
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    expect(await portIsFree(port)).toBe(true);
  });

  test("that is asked for and free is given", async () => {
    const port = await taken();
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    const settled = await settle(survey(), wish({ ports: { api: { port, where: API } } }));
    expect(settled).toMatchObject({ ports: { api: port }, problems: [] });
  });

  test("that is asked for and taken is refused", async () => {
    const port = await taken();
    const settled = await settle(survey(), wish({ ports: { api: { port, where: API } } }));
    expect(settled.problems.map(describeProblem)).toEqual([
      `${API}: got ${port}, which something on this machine listens on, need a free loopback port; stop that program, choose another port, or set it to auto`,
    ]);
  });

  test("that the lab's own gateway listens on is not taken, whatever it serves now", async () => {
    const port = await taken();
    const seen = survey({ ownPorts: { "app.8080": port } });
    const settled = await settle(seen, wish({ ports: { api: { port, where: API } } }));
    expect(settled).toMatchObject({ ports: { api: port }, problems: [] });
  });

  test("that is left to the machine stays what it was", async () => {
    const port = await taken();
    const seen = survey({ ownPorts: { api: port } });
    const settled = await settle(seen, wish({ ports: { api: { port: "auto", where: API } } }));
    expect(settled).toMatchObject({ ports: { api: port }, problems: [] });
  });

  test("that is left to the machine gives way to one that is asked for", async () => {
    const ports = {
      api: { port: "auto" as const, where: API },
      "app.8080": { port: 20_123, where: "swarm-lab:services.app.ports[0].published" },
    };
    const settled = await settle(survey({ ownPorts: { api: 20_123 } }), wish({ ports }));
    expect(settled.ports["app.8080"]).toBe(20_123);
    expect(settled.ports.api).not.toBe(20_123);
    expect(settled.problems).toEqual([]);
  });

  test("is given to one purpose only, and was free", async () => {
    const purposes = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(purposes, fc.string(), async (names, lab) => {
        const ports = Object.fromEntries(
          names.map((name) => [name, { port: "auto" as const, where: name }]),
        );
        const settled = await settle(survey(), wish({ lab, ports }));
        const given = Object.values(settled.ports);
        expect(Object.keys(settled.ports).sort()).toEqual(names.toSorted());
        expect(new Set(given).size).toBe(names.length);
        for (const port of given) expect(await portIsFree(port)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

test("everything that stands in the way is told at once", async () => {
  const port = await taken();
  const seen = survey({
    engineVersion: "19.03",
    freeBytes: 0,
    interfaces: ["10.77.0.9/24"],
    containers: [{ name: "swarm-lab-dev-gateway" }],
  });
  const asked = wish({ subnet: "10.77.0.0/24", ports: { api: { port, where: API } } });
  const { problems } = await settle(seen, asked);
  expect(problems.map(({ where }) => where)).toEqual([
    ...["engine", "disk", "container swarm-lab-dev-gateway"],
    ...["swarm-lab:network.subnet", API],
  ]);
});
