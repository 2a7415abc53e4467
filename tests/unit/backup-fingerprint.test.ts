import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  certificateFingerprint,
  parseFingerprint,
  READ_FINGERPRINT,
  SwarmFingerprint,
} from "../../components/backup/fingerprint.ts";
import { sha256 } from "./backup-support.ts";

/** What an engine 26.1.5 printed, cut down, with other tokens and another root CA. */
const text = readFileSync(new URL("fixtures/engine-fingerprint.jsonl", import.meta.url), "utf8");
const lines = text.trim().split("\n");
const [swarmLine = ""] = lines;

/** The text with one line changed as data. */
function changed<T>(line: number, change: (value: T) => void): string {
  const value = JSON.parse(lines[line] ?? "") as T;
  change(value);
  return lines.with(line, JSON.stringify(value)).join("\n");
}

interface Thing {
  Version: { Index: number };
  Spec: Record<string, unknown> & { Labels: Record<string, string> };
}

describe("the fingerprint of a swarm", () => {
  const seen = parseFingerprint(text);

  test("says of the swarm its id, its CA, its tokens as hashes, and its settings", () => {
    expect(seen).toMatchObject({
      clusterId: "qsu1ytmzrm0u6pux4oj2avnch",
      caFingerprint: "6349bb68b63fd106e12f0953755e4d3be71ce4bd0e9760c6c4440ea7f8f81a87",
      tokens: {
        manager: sha256("SWMTKN-1-throw-away-manager"),
        worker: sha256("SWMTKN-1-throw-away-worker"),
      },
      settings: {
        ...{ autolock: false, certExpiry: 7_776_000_000_000_000, heartbeat: 5_000_000_000 },
        ...{ taskHistory: 5, snapshotInterval: 10_000 },
      },
    });
  });

  test("says how often a rotation of the CA was asked for", () => {
    expect(seen.settings.forceRotate).toBe(0);
    const rotated = changed<{ Spec: { CAConfig: { ForceRotate: number } } }>(0, ({ Spec }) => {
      Spec.CAConfig.ForceRotate = 2;
    });
    expect(parseFingerprint(rotated).settings.forceRotate).toBe(2);
  });

  test("holds no token", () => {
    expect(JSON.stringify(seen)).not.toContain("SWMTKN");
  });

  test("has the CA's fingerprint as openssl has it", () => {
    const pem = (JSON.parse(swarmLine) as { TLSInfo: { TrustRoot: string } }).TLSInfo.TrustRoot;
    const said = execFileSync("openssl", ["x509", "-noout", "-fingerprint", "-sha256"], {
      input: pem,
      encoding: "utf8",
    });
    const openssl = said.trim().split("=")[1]?.replaceAll(":", "").toLowerCase();
    expect(certificateFingerprint(pem)).toBe(openssl);
  });

  test("has the nodes by name, each with id, role, availability and labels", () => {
    expect(seen.nodes.map(({ hostname }) => hostname)).toEqual(["m1", "m2", "w1"]);
    expect(seen.nodes[2]).toEqual({
      ...{ id: "7yngqcn2uo1dl3uyd0zf1sdiv", hostname: "w1", role: "worker" },
      ...{ availability: "active", labels: { "swarm-lab.registry": "true", zone: "a" } },
    });
  });

  test("has the objects by name with id and index", () => {
    const short = (things: SwarmFingerprint["services"]) =>
      things.map(({ name, id, index }) => `${name} ${id} ${index}`);
    expect(short(seen.services)).toEqual(["registry ol3flehvpqwx3holgf319q2md 1011"]);
    expect(short(seen.secrets)).toEqual([
      "registry-cert-secret-c40b9f8 9r21j509pxgz0w6586js9b96l 42",
      "registry-key-secret-4a87150 3u58ru349qz9g9mf6fekoawj7 43",
    ]);
    expect(short(seen.configs)).toEqual([
      "config-app-greeting-config-19eb4e7 3h26v0567k25959z9ared1w4l 37",
    ]);
    expect(short(seen.networks)).toEqual([
      "app vrszrfbz8odg4fywdy12770g4 0",
      "ingress buyh4euvt8iwuecbqpitpmrb8 0",
    ]);
  });

  test("knows the highest index of any object, nodes and ignored ones among them", () => {
    expect(seen.raftIndex).toBe(1199);
    const later = changed<Thing[]>(4, ([config]) => {
      if (config) config.Version.Index = 5000;
    });
    expect(parseFingerprint(later, () => true).raftIndex).toBe(5000);
  });

  test("is as the manifest keeps it", () => {
    expect(SwarmFingerprint.parse(seen)).toEqual(seen);
  });
});

describe("the hash of an object", () => {
  const hashes = (of: string) => {
    const { services, secrets, configs, networks } = parseFingerprint(of);
    return [...services, ...secrets, ...configs, ...networks].map(({ hash }) => hash);
  };
  const before = hashes(text);

  test("differs between objects", () => {
    expect(new Set(before).size).toBe(before.length);
  });

  test.each([
    ["a service's", 2, (one: Thing) => (one.Spec.Mode = { Replicated: { Replicas: 2 } }), 0],
    ["a secret's", 3, (one: Thing) => (one.Spec.Labels = { changed: "yes" }), 2],
    ["a config's", 4, (one: Thing) => (one.Spec.Data = "Y2hhbmdlZA=="), 3],
  ])("%s changes with what it says", (_, line, change, at) => {
    const after = hashes(
      changed<Thing[]>(line, ([one]) => {
        if (one) change(one);
      }),
    );
    expect(after[at]).not.toBe(before[at]);
    expect(after.filter((hash) => !before.includes(hash))).toHaveLength(1);
  });

  test("a network's changes with its options, and not with who uses it", () => {
    type Network = Record<string, unknown>;
    const used = changed<Network[]>(5, ([one]) => {
      if (one) one.Containers = { some: { Name: "task" } };
    });
    expect(hashes(used)).toEqual(before);
    const other = changed<Network[]>(5, ([one]) => {
      if (one) one.Options = { "com.docker.network.driver.overlay.vxlanid_list": "4099" };
    });
    expect(hashes(other)).not.toEqual(before);
  });

  test("is the same whatever the order of the keys", () => {
    const turned = changed<Thing[]>(2, (services) => {
      for (const one of services)
        one.Spec = Object.fromEntries(Object.entries(one.Spec).reverse()) as Thing["Spec"];
    });
    expect(turned).not.toBe(lines.join("\n"));
    expect(hashes(turned)).toEqual(before);
  });
});

describe("what is left out", () => {
  test("are the objects whose labels say so; nodes never", () => {
    const marked = changed<Thing[]>(3, ([one]) => {
      if (one) one.Spec.Labels["swarm-lab.drill"] = "r1";
    });
    const seen = parseFingerprint(marked, (labels) => "swarm-lab.drill" in labels);
    expect(seen.secrets.map(({ name }) => name)).toEqual(["registry-cert-secret-c40b9f8"]);
    expect(seen.nodes).toHaveLength(3);
  });
});

describe("an answer that is not whole", () => {
  test.each([
    ["empty", "", "a fingerprint has 6 lines, not 0"],
    ["short of a line", lines.slice(0, 5).join("\n"), "a fingerprint has 6 lines, not 5"],
    ["with a kind that curl did not get", lines.with(2, "").join("\n"), "6 lines, not 5"],
  ])("%s is refused", (_, given, message) => {
    expect(() => parseFingerprint(given)).toThrow(message);
  });

  test("with a refusal of the engine in a list's place is refused", () => {
    const refused = lines.with(3, '{"message":"This node is not a swarm manager."}').join("\n");
    expect(() => parseFingerprint(refused)).toThrow(
      "secrets: got This node is not a swarm manager., need a list",
    );
  });

  test("reads all kinds, each once", () => {
    expect(READ_FINGERPRINT).toContain("for what in swarm nodes services secrets configs;");
    expect(READ_FINGERPRINT).toContain("/networks");
  });
});
