import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nameScript, UNNAME } from "../../scripts/hosts/registry-name.ts";

const OWN = "127.0.0.1 localhost\n192.0.2.9 web.example\n";
const LINE = "192.0.2.21 registry.internal # swarm-lab\n";
/** As cloud-init's own begins, which goes into the file that it makes. */
const HEAD = "# Your system has configured 'manage_etc_hosts' as True.\n";
const TEMPLATE = `## template:jinja\n${HEAD}127.0.1.1 {{fqdn}} {{hostname}}\n`;

describe("the registry's name on a host", () => {
  let folder: string;
  const at = (path: string) => join(folder, path);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const hosts = () => readFileSync(at("etc/hosts"), "utf8");
  const template = () => readFileSync(at("etc/cloud/templates/hosts.debian.tmpl"), "utf8");
  const run = (script: string) => {
    const { status, stderr } = spawnSync("sh", ["-euc", script.replaceAll("/etc/", at("etc/"))], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-lab-hosts-"));
    write("etc/hosts", OWN);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is one line, also after another one, and goes without a trace", () => {
    run(nameScript(["192.0.2.20"], "registry.internal"));
    run(nameScript(["192.0.2.21"], "registry.internal"));
    expect(hosts()).toBe(OWN + LINE);
    run(UNNAME);
    expect(hosts()).toBe(OWN);
  });

  test("is that of several, in their order, and no longer that of those before", () => {
    run(nameScript(["192.0.2.20"], "registry.internal"));
    run(nameScript(["192.0.2.21", "192.0.2.22"], "registry.internal"));
    expect(hosts()).toBe(OWN + LINE + LINE.replace("192.0.2.21", "192.0.2.22"));
    run(UNNAME);
    expect(hosts()).toBe(OWN);
  });

  test("is in what cloud-init writes the file from, where it does so at every boot", () => {
    write("etc/hosts", HEAD + OWN);
    write("etc/cloud/templates/hosts.debian.tmpl", TEMPLATE);
    run(nameScript(["192.0.2.21"], "registry.internal"));
    run(nameScript(["192.0.2.21"], "registry.internal"));
    expect(hosts()).toBe(HEAD + OWN + LINE);
    expect(template()).toBe(TEMPLATE + LINE);
    run(UNNAME);
    expect([hosts(), template()]).toEqual([HEAD + OWN, TEMPLATE]);
  });

  test("is not there where cloud-init leaves the file alone", () => {
    write("etc/cloud/templates/hosts.debian.tmpl", TEMPLATE);
    run(nameScript(["192.0.2.21"], "registry.internal"));
    expect([hosts(), template()]).toEqual([OWN + LINE, TEMPLATE]);
  });
});
