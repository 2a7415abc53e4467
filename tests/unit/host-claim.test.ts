import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimScript, isOurs, parseClaim } from "../../components/nodes/hosts/claim.ts";
import { StubSsh } from "../support/stub-ssh.ts";

const ROOT = join(import.meta.dirname, "../..");
const OWN = { lab: "dev", id: "1f2e" };

describe("a claim on a host", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-lab-claim-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const claim = (id: string, lab = "dev") => {
    const script = claimScript({ lab, id }).replaceAll("/etc/swarm-lab", folder);
    const { status, stdout, stderr } = spawnSync("sh", ["-euc", script], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return parseClaim(stdout);
  };

  test("is the first one's, and can be made again", () => {
    expect([claim("1f2e"), claim("77aa"), claim("1f2e")]).toEqual([OWN, OWN, OWN]);
    expect(readdirSync(folder)).toEqual(["lab"]);
    expect(readFileSync(join(folder, "lab"), "utf8")).toBe("dev 1f2e\n");
  });

  test("that has no id yet gets one, from a lab of its name alone", () => {
    writeFileSync(join(folder, "lab"), "dev");
    expect(claim("9", "other")).toEqual({ lab: "dev", id: "" });
    expect(claim("1f2e")).toEqual(OWN);
  });

  test("is ours by name and id, not by the name alone", () => {
    expect(isOurs(OWN, OWN)).toBe(true);
    expect(isOurs({ lab: "dev", id: "77aa" }, OWN)).toBe(false);
    expect(isOurs({ lab: "other", id: "1f2e" }, OWN)).toBe(false);
    expect(isOurs({ lab: "dev", id: "" }, OWN)).toBe(true);
    expect(isOurs(OWN, { lab: "dev", id: undefined })).toBe(false);
    expect(isOurs({ lab: "", id: "" }, OWN)).toBe(false);
  });
});

const HOST = {
  ...{ ...OWN, dataPathPort: 4789, volumes: [], setup: { firewall: "auto" } },
  node: {
    ...{ name: "m1", role: "manager", zone: "a", address: "192.0.2.11", labels: {} },
    connection: {
      ...{ kind: "ssh", host: "192.0.2.11", port: 22, user: "root" },
      ...{ identity: "/k", hostKey: "ssh-ed25519 AAAA" },
    },
  },
};

/** Runs a program of scripts/hosts on that host, which says `held` to whoever asks whose it is. */
async function run(program: string, held: string) {
  using ssh = new StubSsh(`case "$*" in *swarm-lab/lab*) echo '${held}' ;; esac`);
  const env = { ...process.env, LAB_HOST: JSON.stringify(HOST), LAB_PEERS: "[]" };
  const child = spawn(process.execPath, [join(ROOT, "scripts/hosts", program)], { env });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  return { code, said, asked: ssh.calls.length };
}

describe("a host that another lab of this name has", () => {
  test("is refused before anything is noted on it", async () => {
    const { code, said, asked } = await run("claim.ts", "dev 77aa");
    expect({ code, asked }).toEqual({ code: 1, asked: 1 });
    expect(said).toMatch(
      /^m1: got a host of another lab, dev 77aa, need one that no other lab uses; /,
    );
    expect(await run("claim.ts", "dev 1f2e")).toMatchObject({ code: 0, asked: 2 });
  });

  test("keeps all it has when the lab that lost it goes", async () => {
    const { code, said, asked } = await run("release.ts", "dev 77aa");
    expect({ code, asked }).toEqual({ code: 0, asked: 1 });
    expect(said).toContain("m1 is another lab's by now (dev 77aa): it stays");
    expect(await run("release.ts", "dev 1f2e")).toMatchObject({ code: 0, asked: 2 });
  });
});
