import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { appUrl, askOften } from "./support/application.ts";
import { ROOT, TestLab } from "./support/test-lab.ts";

/** The process that holds the stack's lock: pulumi itself, which runs in a process group of its own. */
function pulumiOf(lab: TestLab): number {
  const folder = join(lab.folder, ".pulumi/locks/organization/swarm-lab", lab.stack);
  const [name = ""] = readdirSync(folder);
  return (JSON.parse(readFileSync(join(folder, name), "utf8")) as { pid: number }).pid;
}

/** What a kill leaves when it comes while the file backend writes the attributes of a checkpoint. */
async function tearAttributes(lab: TestLab): Promise<void> {
  const file = join(lab.folder, ".pulumi/stacks/swarm-lab", `${lab.stack}.json.attrs`);
  // In one shell: making the environment already mends what it finds torn.
  const script = `eval "$(sh scripts/lab env --stack ${lab.stack})"; : > "$0"; exec pulumi "$@"`;
  const read = await lab.run("sh", ["-c", script, file, "stack", "export", "--stack", lab.stack]);
  expect(read.stderr, "an empty attribute file is what Pulumi cannot read").toMatch(/EOF/);
}

/** Starts `up`, and kills pulumi and then what started it when its output first shows `moment`. */
function killedAt(lab: TestLab, moment: RegExp): Promise<string> {
  const child: ChildProcess = spawn("sh", ["scripts/lab", "up", "--stack", lab.stack], {
    cwd: ROOT,
    env: { ...process.env, ...lab.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let killed = false;
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      if (killed || !moment.test(printed) || !child.pid) return;
      killed = true;
      process.kill(pulumiOf(lab), "SIGKILL");
      process.kill(-child.pid, "SIGKILL");
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("close", (code, signal) => {
      lab.printed += printed;
      if (signal === "SIGKILL") resolve(printed);
      else reject(new Error(`up ended with ${code ?? signal} before ${moment}:\n${printed}`));
    });
  });
}

describe("an up that is killed", () => {
  // What `up` prints when the first node's machine is there, the swarm begins, the network, the registry, the end.
  const moments = [
    /nodes-m\d-container/,
    /swarm-m1-join/,
    /network-app-overlay/,
    /registry-service/,
    /service-app-service/,
  ];

  test("five times, each time later, ends as the same lab at the next up", async () => {
    await using lab = new TestLab();
    for (const [count, moment] of moments.entries()) {
      await killedAt(lab, moment);
      if (count === 2) await tearAttributes(lab);
    }
    await lab.must("up");
    const status = JSON.parse((await lab.must("status", ["--json"])).stdout);
    expect(status.swarm).toMatchObject({ managers: 3, quorum: 2, tolerates: 1 });
    expect(status.nodes.map((node: { state: string }) => node.state)).toEqual(
      Array(5).fill("Ready"),
    );
    expect(await askOften(await appUrl(lab), 6)).toHaveLength(6);
    const members = await lab.on("m1", "docker node ls --format '{{.Hostname}}' | sort");
    expect(members.split("\n")).toEqual(["m1", "m2", "m3", "w1", "w2"]);
    for (const kind of ["secret", "config"]) {
      const names = await lab.on("m1", `docker ${kind} ls --format '{{.Name}}'`);
      const keys = names.split("\n").map((name) => name.replace(/-[0-9a-f]+$/, ""));
      expect(new Set(keys).size, `${kind}s that nobody knows: ${names}`).toBe(keys.length);
    }
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  });
});
