import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  daemonJson,
  READY_FILE,
  type UserDataOptions,
  userData,
} from "../../components/nodes/hosts/user-data.ts";

interface CloudConfig {
  readonly hostname: string;
  readonly packages: readonly (string | readonly string[])[];
  readonly runcmd: readonly (readonly string[])[];
  readonly write_files: readonly { path: string; content: string; permissions: string }[];
}

const node: UserDataOptions = { name: "m1", zone: "a" };
const config = (changes: Partial<UserDataOptions> = {}) =>
  // As cloud-init reads it.
  parse(userData({ ...node, ...changes }), { version: "1.1" }) as CloudConfig;
const fileOf = (given: CloudConfig, path: string) =>
  given.write_files.find((file) => file.path === path)?.content;

/** The calls of curl and apt-get that a command makes, the file that it makes called FILE. */
function inStubs([command = "", ...args]: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "swarm-lab-user-data-"));
  try {
    for (const program of ["curl", "apt-get"])
      writeFileSync(join(folder, program), `#!/bin/sh\necho "${program} $*"\n`, { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder };
    const said = execFileSync(command, args, { env, encoding: "utf8" });
    expect(readdirSync(folder).sort()).toEqual(["apt-get", "curl"]);
    return said
      .trim()
      .split("\n")
      .map((line) => line.replace(/\/\S+\.deb(?= |$)/, "FILE"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("cloud-init user data of a node", () => {
  test("begins as cloud-init wants it", () => {
    expect(userData(node).split("\n")[0]).toBe("#cloud-config");
  });

  test.each(["m1", "no", "on", "1e3", "0x1f", "010"])("names the host: %s", (name) => {
    expect(config({ name }).hostname).toBe(name);
  });

  test.each<[string, Partial<UserDataOptions>, CloudConfig["packages"]]>([
    ["the newest engine", {}, ["iptables", "docker.io", "docker-cli"]],
    [
      "a given engine",
      { engineVersion: "26.1.*" },
      ["iptables", ["docker.io", "26.1.*"], ["docker-cli", "26.1.*"]],
    ],
  ])("installs %s", (_, changes, packages) => {
    expect(config(changes).packages).toEqual(packages);
  });

  test.each<[string, Partial<UserDataOptions>, boolean]>([
    ["a given version", { engineVersion: "26.1.*" }, true],
    ["no version", {}, false],
  ])("with %s upgrades are held back: that is %s", (_, changes, held) => {
    const commands = config(changes).runcmd.map((command) => command.join(" "));
    expect(commands.includes("apt-mark hold docker.io docker-cli")).toBe(held);
  });

  test.each<[string, Partial<UserDataOptions>, Record<string, unknown>]>([
    [
      "of its own",
      {},
      {
        "log-driver": "json-file",
        "log-opts": { "max-size": "5m", "max-file": "2" },
        "metrics-addr": "127.0.0.1:9323",
      },
    ],
    [
      "as given",
      { metricsAddress: "10.0.0.1:9323", logSize: "20m", logFiles: 5 },
      {
        "log-driver": "json-file",
        "log-opts": { "max-size": "20m", "max-file": "5" },
        "metrics-addr": "10.0.0.1:9323",
      },
    ],
  ])("has engine settings %s", (_, changes, settings) => {
    const text = fileOf(config(changes), "/etc/docker/daemon.json") ?? "";
    expect(JSON.parse(text)).toEqual(settings);
    expect(text).toBe(daemonJson(changes));
  });

  test.each(["a", "eu-central-1a", "a: b", "'"])("has a file with its zone: %s", (zone) => {
    expect(fileOf(config({ zone }), "/etc/swarm-lab/zone")).toBe(`${zone}\n`);
  });

  test("fetches what is in no archive before all else, and only then needs what fetches it", () => {
    const url = "https://example.com/a%20package.deb?x=1&y='2'";
    const given = config({ packageUrls: [url] });
    expect(given.packages).toEqual([
      "iptables",
      "curl",
      "ca-certificates",
      "docker.io",
      "docker-cli",
    ]);
    const [first = []] = given.runcmd;
    expect(inStubs(first)).toEqual([
      `curl --fail --silent --show-error --location --retry 5 --output FILE ${url}`,
      "apt-get install --yes FILE",
    ]);
    expect(config().packages).not.toContain("curl");
  });

  test("says last that it is ready, with the version of the engine that answers", () => {
    const last = config().runcmd.at(-1)?.join(" ");
    expect(last).toContain("docker version");
    expect(last).toMatch(new RegExp(`mv ${READY_FILE}.new ${READY_FILE}$`));
  });

  test("has every file readable and no secret in it", () => {
    for (const { permissions } of config().write_files) expect(permissions).toBe("0644");
    expect(userData(node)).not.toMatch(/password|passwd|private|token|BEGIN|authorized_keys/i);
  });
});
