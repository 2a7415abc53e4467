import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { goDuration, milliseconds } from "../../stacks/config/duration.ts";
import { loadConfig } from "../../stacks/config/load.ts";
import { nearest } from "../../stacks/config/nearest.ts";
import { folderWith, type Given, load, refusal, wholeMessage } from "./config-support.ts";

const { root, remove } = folderWith({
  token: "from a file\n",
  "shop.yaml": "services:\n  web: { image: nginx }\n",
  "alias.yaml": "x: &all { web: { image: nginx } }\nservices: *all\n",
});
afterAll(remove);

/** The configuration of a lab with one service. */
const service = (given: Given, rest: Given = {}) => {
  const { app } = load({ services: { app: { image: "app", ...given } }, ...rest }).config.services;
  if (app === undefined) throw new Error("the service is missing");
  return app;
};

describe("what is left out", () => {
  it("has the defaults of a lab of three managers and two workers", () => {
    const { config, warnings } = load({});
    expect(warnings).toEqual([]);
    expect(config).toEqual({
      lab: "dev",
      provider: "local",
      hosts: [],
      hostSetup: { firewall: "auto" },
      aws: {
        ...{ instanceType: "t3.small", diskGib: 20, workers: "on-demand", protected: false },
        lifetime: "24h0m0s",
        prices: { instanceHour: {}, spotHour: {} },
      },
      managers: 3,
      workers: 2,
      zones: ["a", "b", "c"],
      managerAvailability: "drain",
      expendable: false,
      nodes: { engineFlags: [], labels: {} },
      network: {
        subnet: "auto",
        overlays: { app: { subnet: "auto", attachable: false, encryption: "auto" } },
        addressPool: { subnet: "10.200.0.0/16", size: 24 },
        encryption: "auto",
        endpointMode: "auto",
        publish: "auto",
        dataPathPort: 4789,
      },
      ports: { api: "auto", registry: "auto" },
      swarm: {
        autolock: false,
        certExpiry: "2160h0m0s",
        taskHistory: 5,
        dispatcherHeartbeat: "5s",
        snapshotInterval: 10_000,
      },
      secrets: {},
      configs: {},
      registry: {
        ...{ enabled: true, username: "lab", volume: "registry" },
        ...{ storage: "volume", replicas: 1 },
      },
      services: {},
      composeStacks: {},
      backup: { directory: "backups", keys: "backup-keys" },
      restore: {},
      drills: {},
      labels: {},
    });
  });

  it("is filled in for a service too", () => {
    expect(service({})).toEqual({
      image: "app",
      mode: "replicated",
      replicas: 1,
      env: {},
      ports: [],
      networks: ["app"],
      constraints: [],
      spread: [],
      resources: { limits: {}, reservations: {} },
      update: {
        parallelism: 1,
        delay: "0s",
        failureAction: "rollback",
        monitor: "5s",
        maxFailureRatio: 0,
        order: "start-first",
      },
      rollback: {
        parallelism: 1,
        delay: "0s",
        failureAction: "pause",
        monitor: "5s",
        maxFailureRatio: 0,
        order: "stop-first",
      },
      restart: { condition: "any", delay: "5s", maxAttempts: 0, window: "0s" },
      stopGracePeriod: "10s",
      secrets: [],
      configs: [],
      labels: {},
      mounts: [],
    });
  });

  it("is an overlay's encryption: that of the network", () => {
    const overlays = { front: {}, back: { encryption: "off" } };
    const { network } = load({ network: { encryption: "required", overlays } }).config;
    expect(network.overlays.front?.encryption).toBe("required");
    expect(network.overlays.back?.encryption).toBe("off");
  });

  it("is a service's network: the first by name", () => {
    const overlays = { zebra: {}, back: {}, front: {} };
    expect(service({}, { network: { overlays } }).networks).toEqual(["back"]);
  });

  it("is the monitor: 5 s more than hanging probes need to fail", () => {
    const healthcheck = { test: ["CMD", "true"], interval: "2s", timeout: "3s", retries: 4 };
    const { update, rollback } = service({ healthcheck });
    expect(update.monitor).toBe("25s");
    expect(rollback.monitor).toBe("25s");
  });
});

describe("what is given", () => {
  it("is taken as numbers and booleans in quotes too, as Pulumi rewrites them", () => {
    const { config } = load({ managers: "5", expendable: "true" });
    expect([config.managers, config.expendable]).toEqual([5, true]);
  });

  it("becomes bytes, Go's spelling of durations, and permission bits", () => {
    const { config } = load({
      nodes: { memory: "1.5GiB", cpus: 2 },
      swarm: { certExpiry: "90m" },
      secrets: { a: { generate: {} } },
      services: {
        app: {
          image: "app",
          resources: { limits: { memory: "64MiB", cpus: 0.5 } },
          stopGracePeriod: "90s",
          secrets: [{ secret: "a", target: "b", mode: "0400" }],
        },
      },
    });
    expect(config.nodes).toMatchObject({ memoryBytes: 1_610_612_736, cpus: 2 });
    expect(config.swarm.certExpiry).toBe("1h30m0s");
    expect(config.services.app?.resources.limits).toEqual({ cpus: 0.5, memoryBytes: 67_108_864 });
    expect(config.services.app?.stopGracePeriod).toBe("1m30s");
    expect(config.services.app?.secrets).toEqual([{ secret: "a", target: "b", mode: 0o400 }]);
  });

  it("gives secrets and configs their usual targets when only named", () => {
    const secrets = { a: { generate: {} } };
    const configs = { c: { value: "hello" } };
    const app = service({ secrets: ["a"], configs: ["c"] }, { secrets, configs });
    expect(app.secrets).toEqual([{ secret: "a", target: "a", mode: 0o444 }]);
    expect(app.configs).toEqual([{ config: "c", target: "/c", mode: 0o444 }]);
  });

  it("gives secrets and configs the targets that are named", () => {
    const secrets = { a: { generate: {} } };
    const configs = { c: { value: "hello" } };
    const uses = {
      secrets: [{ secret: "a", target: "/run/token" }],
      configs: [{ config: "c", target: "/etc/motd", mode: "440" }],
    };
    const app = service(uses, { secrets, configs });
    expect(app.secrets).toEqual([{ secret: "a", target: "/run/token", mode: 0o444 }]);
    expect(app.configs).toEqual([{ config: "c", target: "/etc/motd", mode: 0o440 }]);
  });

  it("is read from files relative to the project's folder", () => {
    const secrets = { a: { file: "token" }, b: { value: "päss" }, c: { generate: { version: 2 } } };
    const composeStacks = { shop: { file: "shop.yaml" }, other: { file: "alias.yaml" } };
    const { config } = load({ secrets, composeStacks }, { root });
    expect(config.secrets).toEqual({
      a: { kind: "content", base64: Buffer.from("from a file\n").toString("base64") },
      b: { kind: "content", base64: Buffer.from("päss", "utf8").toString("base64") },
      c: { kind: "generate", length: 32, version: 2 },
    });
    expect(config.composeStacks.shop).toEqual({
      file: `${root}/shop.yaml`,
      content: "services:\n  web: { image: nginx }\n",
    });
  });

  it("may be as large as one byte below swarm's limits", () => {
    const secrets = { a: { value: "x".repeat(511_999) } };
    const configs = { a: { value: "x".repeat(1_023_999) } };
    expect(load({ secrets, configs }).warnings).toEqual([]);
  });

  it.each<[string, Given]>([
    ["one manager and nothing else", { managers: 1, workers: 0, registry: { enabled: false } }],
    ["managers that run everything", { workers: 0, managerAvailability: "active" }],
    ["the largest lab", { managers: 7, workers: 50, network: { subnet: "10.1.2.0/25" } }],
    [
      "the smallest subnet",
      { workers: 0, managerAvailability: "active", network: { subnet: "192.168.9.0/27" } },
    ],
    ["as many workers as a /26 holds", { workers: 32, network: { subnet: "10.1.2.0/26" } }],
    ["carrier-grade NAT space", { network: { subnet: "100.64.0.0/24" } }],
    [
      "engine flags the lab leaves free",
      { nodes: { engineFlags: ["--debug", "--log-level=warn", "-D"] } },
    ],
    [
      "labels of nodes that are there",
      { nodes: { labels: { m3: { rack: "1" }, w2: { disk: "ssd" } } } },
    ],
    [
      "reservations as large as the limits",
      {
        services: {
          app: {
            image: "app",
            resources: {
              limits: { cpus: 1, memory: "64MiB" },
              reservations: { cpus: 1, memory: "64MiB" },
            },
          },
        },
      },
    ],
    ["fixed ports", { ports: { api: 21000, registry: 21001 } }],
    ["the shortest certificates", { swarm: { certExpiry: "1h" } }],
    [
      "a full overlay",
      {
        network: { overlays: { app: { subnet: "10.1.0.0/28" } } },
        services: { app: { image: "app", replicas: 6 } },
      },
    ],
  ])("may be %s", (_title, given) => {
    expect(load(given).warnings).toEqual([]);
  });

  it("belongs to the project alone", () => {
    const all = { "docker:host": "unix:///x", "other:managers": "4", "swarm-lab:workers": "1" };
    const { config } = loadConfig({ project: "swarm-lab", stack: "dev", root, all });
    expect(config).toMatchObject({ managers: 3, workers: 1 });
  });
});

describe("a refusal", () => {
  it("names every mistake at once, those of the schema and those between settings", () => {
    const given = {
      managers: 4,
      worker: 3,
      zones: ["a", "b"],
      network: { subnet: "10.200.1.0/24", overlays: { back: { subnet: "10.1.2.3/24" } } },
      secrets: { token: { value: 7 } },
      services: { web: { image: "nginx:1.27", secrets: ["token", "tokn"], networks: ["back"] } },
    };
    expect(refusal(given)).toBe(
      wholeMessage(
        "swarm-lab:managers: got 4, need 1, 3, 5 or 7: an even number survives no more losses than one manager less; set 3 or 5",
        'swarm-lab:network.overlays.back.subnet: got "10.1.2.3/24", need the first address of the network; write "10.1.2.0/24"',
        "swarm-lab:secrets.token.value: got a number (not shown), need a text; put numbers and true or false in quotes",
        "swarm-lab:worker: got an unknown key, need a known one; did you mean workers?",
        'swarm-lab:network.subnet: got "10.200.1.0/24", need a network apart from the address pool (10.200.0.0/16); choose another range',
        'swarm-lab:services.web.secrets[1]: got "tokn", need a name from secrets, which has none; add it to secrets or remove it here',
      ),
    );
  });

  it("says the same thing once", () => {
    const name = "Token-".repeat(9);
    expect(refusal({ secrets: { [name]: { generate: {} } } }).split("\n")).toHaveLength(2);
  });

  it.each(["Dev", "dev_2", "-dev", "d".repeat(46)])("meets the stack name %s", (stack) => {
    expect(refusal({}, { stack })).toBe(
      wholeMessage(
        `the stack's name: got "${stack}", need lower-case letters, digits and hyphens, at most 45 characters, beginning and ending with a letter or digit, as host names are made of it; choose another with \`pulumi stack rename\` or \`pulumi stack init\``,
      ),
    );
  });

  it("spares a stack name of 45 characters", () => {
    const lab = "d".repeat(45);
    expect(load({}, { stack: lab }).config.lab).toBe(lab);
    expect(`swarm-lab-${lab}-gateway`).toHaveLength(63);
  });
});

describe("durations", () => {
  it.each([
    ["0", "0s"],
    ["300ms", "300ms"],
    ["999ms", "999ms"],
    ["1000ms", "1s"],
    ["1.5s", "1.5s"],
    ["90s", "1m30s"],
    ["1h", "1h0m0s"],
    ["2160h", "2160h0m0s"],
    ["1h30m5s250ms", "1h30m5.25s"],
  ])("%s is %s in Go's spelling", (given, spelled) => {
    expect(goDuration(milliseconds(given))).toBe(spelled);
  });

  it("keep their length when they are spelled", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 10 }), (ms) => {
        expect(milliseconds(goDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe("nearest", () => {
  it.each([
    ["worker", "workers"],
    ["vaule", "value"],
    ["NETWORK", "network"],
    ["manageravailibility", "managerAvailability"],
    ["kubernetes", undefined],
    ["x", undefined],
  ])("of %s is %s", (word, expected) => {
    const known = ["workers", "value", "network", "managerAvailability"];
    expect(nearest(word, known)).toBe(expected);
  });
});
