import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeScript, openScript, rulesFor } from "../../components/nodes/hosts/firewall.ts";

const node = { role: "worker", address: "192.0.2.21", registry: true } as const;
const manager = { role: "manager", address: "192.0.2.11", registry: false } as const;
const other = { address: "192.0.2.12" };
const how = { dataPathPort: 4789, claim: { lab: "dev", id: "1f2e" } };

test("a host lets in the swarm's ports and ESP, the control port only to managers, the registry's to its host", () => {
  const ports = (to: typeof node | typeof manager) =>
    rulesFor(to, 4789).map(({ protocol, port }) => `${protocol}/${port ?? "-"}`);
  expect(ports(manager)).toEqual(["tcp/2377", "tcp/7946", "udp/7946", "udp/4789", "esp/-"]);
  expect(ports(node)).toEqual(["tcp/7946", "udp/7946", "udp/4789", "esp/-", "tcp/5000"]);
});

test("a host without peers keeps its firewall as it is", () => {
  expect(openScript(node, [], how)).toBe("true");
});

/** As ufw 0.36 does: a rule that is there under another action takes the new one, and its comment goes. */
const UFW = `case "$1" in
  status) echo "Status: active" ;;
  show) echo "Added user rules (see 'ufw status' for running firewall):"; sed 's/^/ufw /' $STATE/ufw ;;
  allow) shift; sed -i "/^[a-z]* $*\\( comment .*\\)*$/d" $STATE/ufw; echo "allow $*" >>$STATE/ufw; echo "Rule added" ;;
  --force) shift 3; sed -i "/^allow $*$/d" $STATE/ufw ;;
  *) exit 64 ;;
esac`;

/** What is kept and what is in force, each a file. A reload is remembered. */
const FIREWALLD = `[ "$1" != --quiet ] || shift
case "$1" in --state) exit 0 ;; --reload) echo reload >>$STATE/reloads; exit 0 ;; esac
file=$STATE/now; [ "$1" != --permanent ] || { file=$STATE/kept; shift; }
rule=\${1#*=}
case "$1" in
  --query-rich-rule=*) grep -qxF "$rule" $file ;;
  --add-rich-rule=*) echo "$rule" >>$file ;;
  --remove-rich-rule=*) { grep -vxF "$rule" $file || true; } >$file.new; mv $file.new $file ;;
  *) exit 64 ;;
esac`;

describe("a host firewall", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-lab-firewall-"));
    for (const name of ["bin", "lab"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "lab/lab"), "dev 1f2e\n");
    for (const name of ["ufw", "now", "kept", "reloads"]) writeFileSync(join(folder, name), "");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const has = (name: string, body: string) =>
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const file = (name: string) => readFileSync(join(folder, name), "utf8");
  const list = (name: string) => file(name).split("\n").filter(Boolean);
  const run = (script: string) => {
    const env = { PATH: [join(folder, "bin"), process.env.PATH].join(delimiter), STATE: folder };
    const here = script.replaceAll("/etc/swarm-lab", join(folder, "lab"));
    const { status, stdout, stderr } = spawnSync("sh", ["-euc", here], { encoding: "utf8", env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout;
  };
  const open = (peers = [manager, other]) => run(openScript(node, peers, how));

  test("by ufw is opened for each peer, and for nobody else", () => {
    has("ufw", UFW);
    expect(open([manager])).toBe("");
    expect(list("ufw")).toEqual([
      "allow from 192.0.2.11 to any port 7946 proto tcp",
      "allow from 192.0.2.11 to any port 7946 proto udp",
      "allow from 192.0.2.11 to any port 4789 proto udp",
      "allow from 192.0.2.11 proto esp",
      "allow from 192.0.2.11 to any port 5000 proto tcp",
    ]);
  });

  test("by ufw keeps the rules that were there, whatever they say, and says which stands against it", () => {
    has("ufw", UFW);
    const own = [
      "allow 22/tcp",
      "allow from 192.0.2.11 to any port 7946 proto tcp comment 'mine, too'",
      "deny from 192.0.2.12 proto esp",
    ];
    writeFileSync(join(folder, "ufw"), own.map((rule) => `${rule}\n`).join(""));
    expect(open()).toBe(
      "ufw has 'deny from 192.0.2.12 proto esp', which stays: nothing comes in there\n",
    );
    open(); // once more, as an interrupted run is
    expect(list("ufw")).toHaveLength(own.length + 2 * 5 - 2);
    run(closeScript());
    expect(list("ufw")).toEqual(own);
  });

  test("takes back what was added for one peer that goes, and leaves the rest", () => {
    has("ufw", UFW);
    open();
    run(closeScript(manager.address));
    expect(list("ufw")).toHaveLength(5);
    expect(file("ufw")).not.toContain(`from ${manager.address} `);
    expect(file("lab/firewall")).not.toContain(`from ${manager.address} `);
  });

  test("by firewalld is opened now and for good without a reload, and gives back just that", () => {
    has("firewall-cmd", FIREWALLD);
    const rule = (what: string) =>
      `rule family="ipv4" source address="192.0.2.11" ${what} accept\n`;
    writeFileSync(join(folder, "now"), `the user's own for today\n${rule('protocol value="esp"')}`);
    writeFileSync(join(folder, "kept"), rule('port port="7946" protocol="tcp"'));
    const before = [file("now"), file("kept")];
    open([manager]);
    for (const name of ["now", "kept"])
      expect(list(name).filter((line) => line.startsWith("rule "))).toHaveLength(5);
    run(closeScript());
    // What the user keeps was brought into force, and stays so.
    expect(list("now")).toEqual(
      [...(before[0] ?? "").split("\n"), file("kept")].join("\n").split("\n").filter(Boolean),
    );
    expect(file("kept")).toBe(before[1]);
    expect(list("reloads")).toEqual([]);
  });

  test.each(["", "dev 77aa"])(
    "of a host that is not claimed, or another's, is left alone: %s",
    (claim) => {
      has("ufw", UFW);
      writeFileSync(join(folder, "lab/lab"), claim);
      open();
      expect(list("ufw")).toEqual([]);
    },
  );

  test("is no matter where none is on, or nothing was added", () => {
    expect(open()).toBe("");
    run(closeScript());
    run(closeScript(manager.address));
  });
});
