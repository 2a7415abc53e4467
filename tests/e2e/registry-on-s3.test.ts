/**
 * The registry's configuration on S3, in the registry that the lab builds. There is no S3 here: what is seen is that the
 * registry has the driver and takes the configuration, and what it does when its storage does not answer.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, it } from "vitest";
import { REGISTRY_FILES, registryConfig } from "../../components/swarm/registry-config.ts";
import { ensureImage } from "../../scripts/images.ts";
import { makeAuthority } from "../../scripts/lib/authority.ts";
import { waitFor } from "../../scripts/lib/wait.ts";

const engine = process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
const NAME = `swarm-lab-test-registry-on-s3-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "swarm-lab-test-"));
const CONFIG = registryConfig({
  ...{ lab: "test", region: "eu-central-1", bucket: "lab-test-registry" },
  ...{ httpSecret: "shared-by-replicas", port: 5000 },
});
let image: string;

const docker = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await x("docker", ["--host", engine, ...args], {
    timeout: 60_000,
  });
  return { code: exitCode, said: `${stdout}\n${stderr}` };
};

/** Runs the registry with these files, cut off from every network but its own. */
async function start(config: string) {
  const authority = await makeAuthority("Test");
  const { cert, key } = await authority.issue("registry", ["registry.internal"]);
  const files = { config, cert, key, htpasswd: `lab:${await bcrypt.hash("password", 5)}\n` };
  const run = ["create", "--name", NAME, "--network", "none", image];
  const made = await docker(...run, "serve", `/run/secrets/${REGISTRY_FILES.config}`);
  expect(made.code, made.said).toBe(0);
  const secrets = join(folder, "run", "secrets");
  mkdirSync(secrets, { recursive: true });
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(secrets, REGISTRY_FILES[file as keyof typeof REGISTRY_FILES]), text, {
      mode: 0o644,
    });
  const copied = await docker("cp", join(folder, "run"), `${NAME}:/`);
  expect(copied.code, copied.said).toBe(0);
  await docker("start", NAME);
}

/** The status that the registry answers a path with; 0: it does not. */
async function statusOf(path: string): Promise<number> {
  const url = `https://127.0.0.1:5000${path}`;
  const { said } = await docker(
    ...["exec", NAME, "wget", "-q", "-S", "-O", "-", "--no-check-certificate", url],
  );
  return Number(/HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0);
}

const until = (path: string, status: number, seconds: number) =>
  waitFor(
    `${path} to answer ${status}`,
    async () => {
      const seen = await statusOf(path);
      return seen === status ? { done: seen } : { waiting: `it answers ${seen}` };
    },
    { deadline: seconds, interval: 2 },
  );

beforeAll(async () => {
  image = await ensureImage("registry", { engine, report: console.error });
});
afterAll(async () => {
  await docker("rm", "--force", "--volumes", NAME);
  rmSync(folder, { recursive: true });
});

it("starts, asks for its login, and turns unhealthy when S3 does not answer", async () => {
  await start(CONFIG);
  // A load balancer asks this path, for which there is no login.
  await until("/", 200, 30);
  expect(await statusOf("/v2/")).toBe(401);
  await until("/", 503, 120);
  expect((await docker("inspect", "--format", "{{.State.Status}}", NAME)).said.trim()).toBe(
    "running",
  );
  await docker("rm", "--force", "--volumes", NAME);
});

it("does not start with a driver that it does not have, nor without the driver's region", async () => {
  for (const [wrong, says] of [
    [CONFIG.replace('"s3"', '"s4"'), /StorageDriver not registered: s4/],
    [CONFIG.replace('"eu-central-1"', '""'), /region/],
  ] as const) {
    await start(wrong);
    const { said: code } = await docker("wait", NAME);
    expect(Number.parseInt(code, 10)).not.toBe(0);
    expect((await docker("logs", NAME)).said).toMatch(says);
    await docker("rm", "--force", "--volumes", NAME);
  }
});
