import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { scratch, script } from "../unit/setup-support.ts";

const place = scratch();
const root = () => join(place.folder, "checkout");
const bin = () => join(place.folder, "bin");

/** An npm that tells what it was asked and does it quickly: `ci` makes node_modules, `install` the Node package. */
const NPM = `
echo "$*" >>"$CALLS"
case $1 in
ci) rm -rf node_modules; mkdir node_modules; [ ! -e fail ] || { echo "no such package"; exit 1; } ;;
install) mkdir -p "$3/node_modules/node/bin"; ln -s "$REAL_NODE" "$3/node_modules/node/bin/node" ;;
esac`;

beforeEach(() => {
  mkdirSync(join(root(), "scripts"), { recursive: true });
  cpSync("scripts/lab", join(root(), "scripts", "lab"));
  writeFileSync(join(root(), "package-lock.json"), "{}");
  writeFileSync(
    join(root(), "scripts", "lab.ts"),
    "const words: string[] = process.argv.slice(2);\nconsole.log(process.execPath, JSON.stringify(words));\n",
  );
  script(join(bin(), "npm"), NPM);
});

function start(...words: string[]) {
  const env = {
    PATH: `${bin()}:/usr/bin:/bin`,
    HOME: place.folder,
    XDG_CACHE_HOME: join(place.folder, "cache"),
    CALLS: join(place.folder, "calls"),
    REAL_NODE: process.execPath,
  };
  return spawnSync("sh", [join(root(), "scripts", "lab"), ...words], { env, encoding: "utf8" });
}

function calls(): string[] {
  const file = join(place.folder, "calls");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

/** Node of this machine under the name `node`, or one that claims to be of another version. */
function giveNode(version?: string) {
  if (version === undefined) symlinkSync(process.execPath, join(bin(), "node"));
  else script(join(bin(), "node"), `echo ${version}`);
}

describe("npm run on a machine", () => {
  test("with a Node that is new enough installs the packages once, and hands all words on", () => {
    giveNode();
    const first = start("status", "two words");
    expect(first.stdout).toMatch(/\["status","two words"\]\n$/);
    expect(first.stderr).toMatch(/set-up: npm packages \.\.\. \d+ s\n/);
    expect(calls()).toHaveLength(1);
    expect(start("status").stderr).toBe("");
    expect(calls()).toHaveLength(1);
  });

  test.each(["v20.20.2", "v22.17.9", "v23.5.0"])(
    "with Node %s brings one into the cache, once",
    (version) => {
      giveNode(version);
      const first = start("up");
      const cached = join(
        place.folder,
        "cache",
        "swarm-lab",
        "node-24.9.0",
        "node_modules",
        "node",
        "bin",
      );
      expect(first.stderr).toMatch(/set-up: Node\.js 24\.9\.0 \.\.\. \d+ s\n/);
      expect(first.stdout).toContain('["up"]');
      expect(existsSync(join(cached, "node"))).toBe(true);
      expect(calls()[0]).toMatch(/^install --prefix \S+ .*node@24\.9\.0$/);
      start("up");
      expect(calls().filter((call) => call.startsWith("install"))).toHaveLength(1);
    },
  );

  test.each(["v22.18.0", "v24.0.0", "v25.1.0"])("takes Node %s as it is", (version) => {
    giveNode(version);
    start("up");
    expect(calls().filter((call) => call.startsWith("install"))).toEqual([]);
  });

  test("installs the packages again when the lockfile changed", () => {
    giveNode();
    start("up");
    writeFileSync(join(root(), "package-lock.json"), '{"changed": true}');
    start("up");
    expect(calls()).toHaveLength(2);
  });

  test("tells why an install failed, and tries again the next time", () => {
    giveNode();
    writeFileSync(join(root(), "fail"), "");
    const failed = start("up");
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(
      /no such package\nset-up: npm packages failed; run the same command again/,
    );
    expect(failed.stdout).toBe("");
    execFileSync("rm", [join(root(), "fail")]);
    expect(start("up").status).toBe(0);
  });

  test("breaks the lock of an install that was killed", () => {
    giveNode();
    mkdirSync(join(root(), ".lab"));
    symlinkSync("99999999", join(root(), ".lab", "npm.lock"));
    expect(start("up").status).toBe(0);
    expect(existsSync(join(root(), ".lab", "npm.lock"))).toBe(false);
  });
});
