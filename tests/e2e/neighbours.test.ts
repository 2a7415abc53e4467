import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { appUrl, askOften, describeLab } from "./support/application.ts";
import { TestLab } from "./support/test-lab.ts";

const SMALL = { workers: 1, services: {}, secrets: {}, configs: {}, registry: { enabled: false } };

describe("two labs on one machine", () => {
  test("do not clash, and the end of one leaves the other whole", async () => {
    await using first = new TestLab();
    await using second = new TestLab({ managers: 1, zones: ["a"] });
    await first.must("up");
    await second.must("up");
    const [one, two] = [await appUrl(first), await appUrl(second)];
    expect(one).not.toBe(two);
    await askOften(one, 3);
    await askOften(two, 3);
    await second.must("down");
    expect(await second.leftovers()).toEqual([]);
    await askOften(one, 3);
    const preview = await first.pulumi(["preview", "--expect-no-changes"]);
    expect(preview.code, preview.stdout).toBe(0);
  });
});

describe("a machine that cannot hold the lab", () => {
  /** Expects `up` to fail with a message, without a stack trace, and to have made nothing. */
  async function refused(lab: TestLab, message: RegExp, env: Record<string, string> = {}) {
    const up = await lab.lab("up", [], env);
    expect(up.code).not.toBe(0);
    expect(up.stdout + up.stderr).toMatch(message);
    expect(up.stdout + up.stderr).not.toMatch(/^\s+at .*\.ts:\d+/m);
    // What Pulumi said is kept for the person to read; nothing else was made.
    expect((await lab.leftovers()).filter((name) => !name.startsWith("/"))).toEqual([]);
  }

  test("because a port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await using lab = new TestLab({ ...SMALL, ports: { api: port } });
    await refused(
      lab,
      new RegExp(`swarm-lab:ports\\.api: got ${port}, which something on this machine listens on`),
    );
    server.close();
  });

  test("because its subnet is in use", async () => {
    await using other = new TestLab({ ...SMALL, managers: 1, zones: ["a"] });
    await other.must("up");
    const subnet = await other.docker([
      "network",
      "inspect",
      "--format",
      "{{range .IPAM.Config}}{{.Subnet}}{{end}}",
      `swarm-lab-${other.stack}`,
    ]);
    await using lab = new TestLab({ ...SMALL, network: { subnet } });
    await refused(lab, /swarm-lab:network\.subnet: got .* overlaps .* of network swarm-lab-/);
    expect((await describeLab(other)).nodes).toHaveLength(2);
  });

  test("because no engine answers", async () => {
    await using lab = new TestLab(SMALL);
    const nowhere = "tcp://127.0.0.1:9";
    // What set-up found for the tests themselves stands in SWARM_LAB_ENGINE, and wins over DOCKER_HOST.
    await refused(lab, /engine/, { DOCKER_HOST: nowhere, SWARM_LAB_ENGINE: nowhere });
  });

  test("because the configuration is wrong, all of it in one message", async () => {
    await using lab = new TestLab({ ...SMALL, managers: 4, zones: [] });
    await refused(lab, /swarm-lab:managers: got 4[\s\S]*swarm-lab:zones/);
  });
});
