import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ownBackend,
  ownPassphrase,
  pulumiEnvironment,
  shellLines,
  shellQuote,
} from "../../scripts/cli/environment.ts";
import { BACKEND_FOLDER, PASSPHRASE_FILE } from "../../scripts/cli/paths.ts";

const parts = { stack: "dev", engine: "unix:///var/run/docker.sock", pulumi: "/opt/pulumi" };

/** What a shell makes of the lines, read back from its environment. */
function inShell(lines: readonly string[], before: Record<string, string>): Record<string, string> {
  const script = [...lines, "env -0"].join("\n");
  const env = { PATH: process.env.PATH ?? "", ...before };
  const out = execFileSync("sh", ["-c", script], { env, encoding: "utf8" });
  return Object.fromEntries(
    out
      .split("\0")
      .filter((entry) => entry !== "")
      .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

describe("the environment of Pulumi", () => {
  test("without a backend of the user's own it names the lab's, and the passphrase file", () => {
    const environment = pulumiEnvironment(parts, { HOME: "/home/me" });
    expect(environment).toMatchObject({
      SWARM_LAB_ENGINE: parts.engine,
      PULUMI_HOME: "/home/me/.pulumi",
      PULUMI_STACK: "dev",
      PULUMI_BACKEND_URL: `file://${BACKEND_FOLDER}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: PASSPHRASE_FILE,
    });
  });

  test.each([
    ["the lab's backend", {}],
    ["one of the user's own", { PULUMI_BACKEND_URL: "https://api.pulumi.com" }],
  ])("asks for no plugin before a resource needs it, with %s", (_, env) => {
    const { PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: skip } = pulumiEnvironment(parts, env);
    expect(skip).toBe("true");
  });

  test("Docker's own variables are unset, as an ambient DOCKER_HOST would win over the program's", () => {
    const environment = pulumiEnvironment(parts, { DOCKER_HOST: "tcp://127.0.0.1:2375" });
    for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"]) {
      expect(environment).toHaveProperty(name, undefined);
    }
  });

  test.each([
    ["a backend of the user's own", { PULUMI_BACKEND_URL: "https://api.pulumi.com" }],
    ["another file backend", { PULUMI_BACKEND_URL: "file:///elsewhere" }],
  ])("%s is left alone", (_, env) => {
    const environment = pulumiEnvironment(parts, env);
    expect(ownBackend(env)).toBe(false);
    expect(environment).not.toHaveProperty("PULUMI_BACKEND_URL");
    expect(environment).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
    expect(environment).not.toHaveProperty("PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER");
  });

  test.each([
    [{ PULUMI_CONFIG_PASSPHRASE: "" }],
    [{ PULUMI_CONFIG_PASSPHRASE: "mine" }],
    [{ PULUMI_CONFIG_PASSPHRASE_FILE: "/my/file" }],
  ])("a passphrase of the user's own is left alone: %j", (env) => {
    expect(ownPassphrase(env)).toBe(false);
    expect(pulumiEnvironment(parts, env)).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
  });

  test("what it sets is recognised as the lab's own when it is entered again", () => {
    const again = pulumiEnvironment(parts, pulumiEnvironment(parts, {}));
    expect(again.PULUMI_BACKEND_URL).toBe(`file://${BACKEND_FOLDER}`);
    expect(again.PULUMI_CONFIG_PASSPHRASE_FILE).toBe(PASSPHRASE_FILE);
  });
});

describe("lines for a shell", () => {
  test("quoted words mean exactly themselves to sh", () => {
    const text = fc.string().filter((word) => !word.includes("\0"));
    fc.assert(
      fc.property(text, (word) => {
        expect(inShell([`export WORD=${shellQuote(word)}`], {}).WORD).toBe(word);
      }),
      { numRuns: 40 },
    );
  });

  test("they export, unset, and put the folders first on PATH", () => {
    const lines = shellLines({ A: "it's $HOME", DOCKER_HOST: undefined }, ["/a b/bin", "/opt/p"]);
    const env = inShell(lines, { DOCKER_HOST: "tcp://127.0.0.1:1", PATH: "/usr/bin:/bin" });
    expect(env.A).toBe("it's $HOME");
    expect(env).not.toHaveProperty("DOCKER_HOST");
    expect(env.PATH).toBe("/a b/bin:/opt/p:/usr/bin:/bin");
  });
});
