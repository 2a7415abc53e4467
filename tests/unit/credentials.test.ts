import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { x } from "tinyexec";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Credentials } from "../../components/nodes/credentials.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }); // each run is a process of its own, and bcrypt is slow on purpose
const ROOT = join(import.meta.dirname, "../..");
const INPUT = { lab: "dev", registryHost: "registry.internal", username: "lab" };

/** Runs the step as its command resource does. */
async function run(env: Readonly<Record<string, string>>, script = "credentials.ts") {
  const child = await x(process.execPath, [join(ROOT, "scripts", script)], {
    nodeOptions: { env: { PULUMI_COMMAND_STDOUT: "", LAB_REGISTRY_PASSWORD: "", ...env } },
  });
  return { code: child.exitCode, stdout: child.stdout, stderr: child.stderr };
}

async function make(input = INPUT, env: Readonly<Record<string, string>> = {}) {
  const ran = await run({ LAB_CREDENTIALS: JSON.stringify(input), ...env });
  expect(ran.code, ran.stderr).toBe(0);
  return { ...ran, credentials: JSON.parse(ran.stdout) as Credentials };
}

/** What the htpasswd line says: the user, and whether it is this password's. */
async function login(htpasswd: string, password: string) {
  const [, user = "", hash = ""] = /^([^:]+):(\$2[aby]\$05\$\S{53})\n$/.exec(htpasswd) ?? [];
  return { user, right: await bcrypt.compare(password, hash) };
}

describe("new credentials", () => {
  let first: Credentials;
  let printed: string;
  beforeAll(async () => {
    const made = await make();
    first = made.credentials;
    printed = made.stdout;
    expect(made.stderr).toBe("");
  });

  test("are one line of JSON", () => {
    expect(printed.trimEnd().split("\n")).toHaveLength(1);
    expect(Object.keys(first).sort()).toEqual([
      "ca",
      "client",
      "engine",
      "registry",
      "registryLogin",
    ]);
  });

  test("are three certificates of one authority, whose key is nowhere", () => {
    const ca = new X509Certificate(first.ca);
    expect(ca.subject).toBe("CN=Swarm Lab dev");
    for (const name of ["engine", "registry", "client"] as const) {
      const cert = new X509Certificate(first[name].cert);
      expect(cert.subject).toBe(`CN=${name}`);
      expect(cert.verify(ca.publicKey)).toBe(true);
    }
    expect(printed.match(/BEGIN PRIVATE KEY/g)).toHaveLength(3);
  });

  test("name the engine and the registry as they are asked for, and the client not at all", () => {
    const engine = new X509Certificate(first.engine.cert);
    const registry = new X509Certificate(first.registry.cert);
    expect(engine.checkHost("engine")).toBe("engine");
    expect(engine.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(registry.checkHost("registry.internal")).toBe("registry.internal");
    expect(registry.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(registry.checkHost("engine")).toBeUndefined();
  });

  test("have a long random password, and its hash", async () => {
    const { username, password, htpasswd } = first.registryLogin;
    expect(username).toBe("lab");
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(await login(htpasswd, password)).toEqual({ user: "lab", right: true });
    expect(await login(htpasswd, `${password}x`)).toEqual({ user: "lab", right: false });
  });

  test("are others every time", async () => {
    const { credentials: second } = await make();
    expect(second.registryLogin.password).not.toBe(first.registryLogin.password);
    expect(second.client.key).not.toBe(first.client.key);
  });

  test("are kept, to the letter, when the step is done again", async () => {
    const again = await make(INPUT, { PULUMI_COMMAND_STDOUT: printed.trimEnd() });
    expect(again.stdout).toBe(printed);
  });

  test("change in nothing but the login when a password is given", async () => {
    const env = { PULUMI_COMMAND_STDOUT: printed, LAB_REGISTRY_PASSWORD: "correct horse" };
    const { credentials, stdout } = await make(INPUT, env);
    const { registryLogin, ...rest } = credentials;
    const { registryLogin: before, ...kept } = first;
    expect(rest).toEqual(kept);
    expect(registryLogin.password).toBe("correct horse");
    expect(await login(registryLogin.htpasswd, "correct horse")).toMatchObject({ right: true });
    expect(await login(registryLogin.htpasswd, before.password)).toMatchObject({ right: false });
    // A hash has a salt: only what is kept makes no new secret of the same password.
    expect((await make(INPUT, { ...env, PULUMI_COMMAND_STDOUT: stdout })).stdout).toBe(stdout);
  });

  test("change in nothing but the login when the user has another name", async () => {
    const env = { PULUMI_COMMAND_STDOUT: printed };
    const { credentials } = await make({ ...INPUT, username: "other" }, env);
    const { registryLogin, ...rest } = credentials;
    const { registryLogin: before, ...kept } = first;
    expect(rest).toEqual(kept);
    expect(registryLogin).toMatchObject({ username: "other", password: before.password });
    expect(await login(registryLogin.htpasswd, before.password)).toEqual({
      user: "other",
      right: true,
    });
  });
});

test("a step that is not told its input prints nothing and fails", async () => {
  const { code, stdout, stderr } = await run({});
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("the environment variable LAB_CREDENTIALS is not set");
});

test.each([16, 32, 255, 256])(
  "a generated secret has %d characters, random ones",
  async (length) => {
    const env = { LAB_GENERATE: JSON.stringify({ length, version: 1 }) };
    const values = await Promise.all([1, 2].map(() => run(env, "generate-secret.ts")));
    const [one, two] = values.map(({ stdout }) => (JSON.parse(stdout) as { value: string }).value);
    expect(one).toMatch(/^[\w-]+$/);
    expect(one).toHaveLength(length);
    expect(two).not.toBe(one);
  },
);
