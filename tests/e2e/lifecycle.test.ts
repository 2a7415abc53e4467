import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appUrl, askApp, askOften, describeLab, keepAsking } from "./support/application.ts";
import { ROOT, TestLab } from "./support/test-lab.ts";

/** The life of one lab, in order: each test finds it as the one before left it. */
describe("a lab", () => {
  let lab: TestLab;
  const compose = join(ROOT, "tests/e2e/fixtures/greeter.yaml");

  beforeAll(async () => {
    lab = new TestLab({ composeStacks: { extra: { file: compose } } });
    await lab.must("up");
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  test("is a swarm of three managers in three zones and two workers", async () => {
    const status = JSON.parse((await lab.must("status", ["--json"])).stdout);
    expect(status).toMatchObject({
      lab: lab.stack,
      provider: "local",
      swarm: { managers: 3, quorum: 2, tolerates: 1 },
      services: expect.arrayContaining([
        { name: "app", running: 3, desired: 3 },
        { name: "registry", running: 1, desired: 1 },
      ]),
    });
    const rows = status.nodes.map((node: Record<string, string>) =>
      [node.name, node.role, node.zone, node.state, node.availability].join(" "),
    );
    expect(rows).toEqual([
      "m1 manager a Ready Drain",
      "m2 manager b Ready Drain",
      "m3 manager c Ready Drain",
      "w1 worker a Ready Active",
      "w2 worker b Ready Active",
    ]);
    const leaders = status.nodes.filter(
      (node: Record<string, string>) => node.managerStatus === "Leader",
    );
    expect(leaders).toHaveLength(1);
    expect(status.swarm.leader).toBe(leaders[0].name);
  });

  test("answers from each replica with node, zone, config and the digest of its secret", async () => {
    const answers = await askOften(await appUrl(lab), 12);
    const tasks = await lab.on(
      "m1",
      "docker service ps app --filter desired-state=running --format '{{.Name}} {{.Node}}'",
    );
    expect(new Set(answers.map(({ task }) => task)).size).toBe(3);
    expect(tasks.split("\n")).toHaveLength(3);
    for (const answer of answers) {
      expect(answer.zone).toBe(answer.node === "w1" ? "a" : "b");
      expect(answer.config?.value.trim()).toBe("Hello from the swarm");
      const container = `$(docker ps -q --filter name=${answer.task})`;
      const digest = await lab.on(
        answer.node,
        `docker exec ${container} sha256sum /run/secrets/app-token`,
      );
      expect(digest.split(" ")[0]).toBe(answer.secret?.sha256);
    }
  });

  test("answers on for a moment when a task is told to end, until all nodes know, and ends well", async () => {
    const told = await lab.on(
      "w1",
      `task=$(docker ps --quiet --filter label=com.docker.swarm.service.name=app | head -n 1)
image=$(docker inspect --format '{{.Image}}' "$task")
id=$(docker run --detach "$image")
trap 'docker rm --force "$id" >/dev/null' EXIT
until docker exec "$id" healthcheck; do sleep 0.1; done
docker kill --signal TERM "$id" >/dev/null
sleep 0.3
docker exec "$id" wget -q -O - http://127.0.0.1:8080/health
docker wait "$id"`,
    );
    expect(told.split("\n")).toEqual(["ok", "0"]);
  });

  test("runs the application from its own registry, which asks for a password and for its CA", async () => {
    const image = await lab.on(
      "m1",
      "docker service inspect app --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}'",
    );
    expect(image).toMatch(/^registry\.internal:5000\/app@sha256:[0-9a-f]{64}$/);
    const url = "https://registry.internal:5000/v2/";
    const ca = "/etc/docker/certs.d/registry.internal:5000/ca.crt";
    expect(await lab.on("w2", `curl -s -o /dev/null -w '%{http_code}' --cacert ${ca} ${url}`)).toBe(
      "401",
    );
    expect(await lab.on("w2", `curl -s ${url} || echo code $?`)).toBe("code 60");
  });

  test("lets nobody at an engine without a client certificate, and only on loopback", async () => {
    const api = new URL((await describeLab(lab)).gateway.api);
    const ask = await lab.run("curl", [
      "-sk",
      "--max-time",
      "5",
      `https://127.0.0.1:${api.port}/info`,
    ]);
    expect(ask.code).not.toBe(0);
    const ports = await lab.docker(["port", `swarm-lab-${lab.stack}-gateway`]);
    for (const line of ports.split("\n")) expect(line).toMatch(/-> 127\.0\.0\.1:\d+$/);
    const plain = await lab.on("m1", "curl -s --max-time 5 http://w1:2375/info || echo refused");
    expect(plain).toBe("refused");
  });

  test("is never privileged", async () => {
    const format = "{{.HostConfig.Privileged}} {{json .HostConfig.CapAdd}}";
    const seen = await lab.docker(["inspect", "--format", format, `swarm-lab-${lab.stack}-m1`]);
    expect(seen).toBe('false ["CAP_NET_ADMIN","CAP_SYS_ADMIN","CAP_SYS_PTRACE"]');
  });

  test("proposes nothing on a second up, and nothing on a preview after a refresh", async () => {
    const again = await lab.pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    expect(again.code, again.stdout).toBe(0);
    const refresh = await lab.pulumi(["refresh", "--yes", "--skip-preview"]);
    expect(refresh.code, refresh.stdout).toBe(0);
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  });

  test("has nothing against it that a policy could say, with every secret and address known", async () => {
    const { stdout } = await lab.must("preview");
    expect(stdout).toMatch(/✅ swarm-lab@v/);
    expect(stdout).not.toMatch(/\[(mandatory|advisory)\]|can't run/);
  });

  test("runs a compose stack on its network, with its secret and config, and changes it", async () => {
    const ask = `task=$(docker ps -q --filter label=com.docker.swarm.service.name=extra_greeter); [ -z "$task" ] || docker exec $task wget -qO- http://127.0.0.1:8080/`;
    const answer = async () => JSON.parse((await lab.on("w1", ask)) || (await lab.on("w2", ask)));
    expect(await answer()).toMatchObject({ service: "greeter", version: "first" });
    expect((await answer()).secret.sha256).toBe((await askApp(await appUrl(lab))).secret?.sha256);
    const changed = join(lab.folder, "greeter.yaml");
    writeFileSync(
      changed,
      readFileSync(compose, "utf8").replace("VERSION: first", "VERSION: second"),
    );
    lab.configure({ composeStacks: { extra: { file: changed } } });
    await lab.must("up");
    expect(await answer()).toMatchObject({ version: "second" });
  });

  test("rotates a secret and a config without losing a request, and removes the old ones", async () => {
    const url = await appUrl(lab);
    const before = await askApp(url);
    const names = () => lab.on("m1", "docker secret ls --format '{{.Name}}' | grep app-token");
    const old = await names();
    lab.configure({
      secrets: { "app-token": { generate: { length: 32, version: 2 } } },
      configs: { "app-greeting": { value: "Hello again" } },
      composeStacks: {},
    });
    const stop = keepAsking(url);
    await lab.must("up");
    const { answered, failures } = await stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    for (const answer of await askOften(url, 6)) {
      expect(answer.config?.value.trim()).toBe("Hello again");
      expect(answer.secret?.sha256).not.toBe(before.secret?.sha256);
    }
    expect(await names()).not.toContain(old);
    expect((await names()).split("\n")).toHaveLength(1);
    expect(await lab.on("m1", "docker service ls --format '{{.Name}}'")).not.toContain("extra_");
  });

  test("sleeps and wakes as the same swarm with the same data", async () => {
    const id = () => lab.on("m1", "docker info --format '{{.Swarm.Cluster.ID}}'");
    const before = await id();
    const objects =
      "docker secret ls -q; docker config ls -q; docker network ls -q --filter driver=overlay --no-trunc";
    const held = await lab.on("m1", objects);
    await lab.must("stop");
    const running = ["ps", "-q", "--filter", `label=swarm-lab.lab=${lab.stack}`];
    expect(await lab.docker(running)).toBe("");
    const asleep = await lab.lab("status", ["--json"]);
    expect(JSON.parse(asleep.stdout).nodes).toHaveLength(5);
    await lab.must("start");
    expect(await id()).toBe(before);
    expect(await lab.on("m1", objects)).toBe(held);
    await lab.must("up");
    await askOften(await appUrl(lab), 3);
    const preview = await lab.pulumi(["preview", "--expect-no-changes"]);
    expect(preview.code, preview.stdout).toBe(0);
  });

  test("switches single nodes off and on, and knows no others", async () => {
    await lab.must("stop", ["m2"]);
    expect((await lab.must("stop", ["m2"])).stderr).toMatch(/m2 is stopped already/);
    const refused = await lab.lab("shell", ["m2", "true"]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/node m2: got exited, need running; `npm run start -- m2`/);
    // The one that went may have led: the others elect somebody.
    const listed =
      "until docker node ls --quiet >/tmp/listed; do sleep 1; done; wc -l </tmp/listed";
    expect(await lab.on("m1", listed)).toBe("5");
    const started = await lab.must("start", ["m2"]);
    expect(started.stderr).toMatch(/m2 is a member of its swarm|its engine says of its swarm: /);
    for (const verb of ["stop", "start", "shell"]) {
      const unknown = await lab.lab(verb, ["m9"]);
      expect(unknown.code).toBe(1);
      expect(unknown.stderr).toMatch(
        /^node: got m9, need a node of lab .*: one of m1, m2, m3, w1, w2$/m,
      );
    }
    const back = "docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'";
    await lab.on("m1", `until ${back} | grep -qx 'm2 Ready Reachable'; do sleep 1; done`);
  });

  test("shows no secret in clear in its state, its console output or its containers' arguments", async () => {
    const shown = await lab.run("sh", [
      "-c",
      `eval "$(sh scripts/lab env --stack ${lab.stack})"; pulumi stack output keys --show-secrets --json --stack ${lab.stack}`,
    ]);
    const keys = JSON.parse(shown.stdout) as Record<string, string>;
    lab.printed = lab.printed.replace(shown.stdout, "");
    const task = (await askApp(await appUrl(lab))).task;
    const read = `task=$(docker ps -q --filter name=${task}); [ -z "$task" ] || docker exec "$task" cat /run/secrets/app-token`;
    const token = (await lab.on("w1", read)) || (await lab.on("w2", read));
    const secrets = [keys.manager, keys.worker, token, lab.passphrase];
    for (const secret of secrets) expect(secret?.length).toBeGreaterThan(15);
    const state = await lab.run("sh", [
      "-c",
      `cat ${lab.folder}/.pulumi/stacks/swarm-lab/*.json ${lab.folder}/.pulumi/history/swarm-lab/*/*`,
    ]);
    lab.printed = lab.printed.replace(state.stdout, "");
    expect(state.stdout).toContain("swarm-lab-");
    const inspected = await lab.docker([
      "inspect",
      `swarm-lab-${lab.stack}-m1`,
      `swarm-lab-${lab.stack}-w1`,
    ]);
    const logs = await lab.run("sh", [
      "-c",
      `for n in m1 m2 m3 w1 w2; do docker logs swarm-lab-${lab.stack}-$n; done 2>&1`,
    ]);
    for (const secret of secrets) {
      for (const text of [state.stdout, lab.printed, inspected, logs.stdout]) {
        expect(text.includes(secret ?? "")).toBe(false);
      }
    }
    expect(state.stdout).not.toContain("PRIVATE KEY");
    expect(lab.printed + inspected + logs.stdout).not.toContain("PRIVATE KEY");
  });

  test("leaves nothing behind", async () => {
    const down = await lab.must("down");
    expect(down.stdout + down.stderr).toContain(
      `nothing labelled swarm-lab.lab=${lab.stack} remains`,
    );
    expect(await lab.leftovers()).toEqual([]);
  });
});
