import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  NODE_CAPABILITIES,
  NODE_CGROUPNS,
  NODE_SECURITY_OPTS,
} from "../../components/nodes/local/containment.ts";
import { ensureImages } from "../../scripts/images.ts";

/** That the containment of a node is enough, and that nothing in it could be left out. */
const engine = process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
const NAME = `swarm-lab-test-containment-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "swarm-lab-test-"));
const archive = join(folder, "app.tar");
let images: Record<"node" | "app", string>;

const docker = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await x("docker", ["--host", engine, ...args], {
    timeout: 60_000,
  });
  return { ok: exitCode === 0, said: `${stdout}\n${stderr}` };
};

beforeAll(async () => {
  images = await ensureImages(["node", "app"], { engine, report: console.error });
  const saved = await docker("save", "--output", archive, images.app);
  if (!saved.ok) throw new Error(saved.said);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Containment {
  readonly adds?: readonly string[];
  readonly drops?: readonly string[];
  readonly securityOpts?: readonly string[];
}

/** What a node does from start to a task on an overlay that can be entered; the first step that failed, or "works". */
async function tryNode(given: Containment): Promise<string> {
  // The client takes a seccomp profile as a file and hands its content on, as the lab gives it to the engine.
  const options = (given.securityOpts ?? NODE_SECURITY_OPTS).map((option, index) => {
    if (!option.startsWith("seccomp={")) return option;
    const file = join(folder, `seccomp-${index}.json`);
    writeFileSync(file, option.slice("seccomp=".length));
    return `seccomp=${file}`;
  });
  const run = [
    ...["run", "--detach", "--name", NAME, "--cgroupns", NODE_CGROUPNS],
    ...(given.adds ?? NODE_CAPABILITIES.adds).flatMap((each) => ["--cap-add", each]),
    ...(given.drops ?? NODE_CAPABILITIES.drops).flatMap((each) => ["--cap-drop", each]),
    ...options.flatMap((each) => ["--security-opt", each]),
    ...["--volume", `${NAME}:/var/lib/docker`, images.node],
  ];
  const on = (script: string) => docker("exec", NAME, "sh", "-euc", script);
  const steps: [string, () => Promise<{ ok: boolean; said: string }>][] = [
    ["start", () => docker(...run)],
    ["engine", () => on("wait-engine 15")],
    ["image", () => docker("cp", archive, `${NAME}:/app.tar`)],
    ["load", () => on("docker load --quiet --input /app.tar")],
    ["swarm", () => on("docker swarm init && docker network create -d overlay --attachable net")],
    ["task", () => on(`docker run -d --name task --network net --memory 64m ${images.app}`)],
    ["enter", () => on("docker exec task healthcheck")],
  ];
  try {
    for (const [step, action] of steps) {
      const { ok, said } = await action();
      if (!ok) return `${step}: ${said} ${(await docker("logs", "--tail", "5", NAME)).said}`;
    }
    return "works";
  } finally {
    await docker("rm", "--force", NAME);
    await docker("volume", "rm", NAME);
  }
}

it("is enough", async () => {
  expect(await tryNode({})).toBe("works");
});

describe("nothing can be left out", () => {
  it.each([
    ["CAP_SYS_ADMIN", /^engine: .*mount: \/proc\/sys\/net: permission denied/s],
    ["CAP_NET_ADMIN", /^engine: .*failed to create NAT chain/s],
    ["CAP_SYS_PTRACE", /^enter: .*error executing setns process/s],
  ])("of what is added: %s", async (name, reason) => {
    const adds = NODE_CAPABILITIES.adds.filter((each) => each !== name);
    expect(await tryNode({ adds })).toMatch(reason);
  });

  it.each([
    ["CHOWN", /^engine: .*chown \/var\/run\/docker.sock/s],
    ["DAC_OVERRIDE", /^engine: .*failed to mount overlay/s],
    ["SETGID", /^task: .*unable to setup user: setgroups/s],
    ["SETUID", /^task: .*unable to setup user/s],
    ...[
      ...["FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETFCAP", "SETPCAP"],
      ...["NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"],
    ].map((name): [string, RegExp] => [name, /^task: .*unable to apply caps/s]),
  ])("of what Docker gives by default: %s", async (name, reason) => {
    expect(await tryNode({ drops: [name] })).toMatch(reason);
  });

  it("such as the node's own seccomp profile: Docker's refuses a task its keyring", async () => {
    const securityOpts = NODE_SECURITY_OPTS.filter((each) => !each.startsWith("seccomp="));
    expect(await tryNode({ securityOpts })).toMatch(/^task: .*session key/s);
  });
});
