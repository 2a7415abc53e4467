import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runningAtOnce } from "../../components/drills/catalogue/own-services.ts";
import { releaseScript } from "../../scripts/drills/stage/release.ts";
import { parseContainers, parseService, parseTasks } from "../../scripts/drills/stage/task-list.ts";
import { updateLook, withTroubles } from "../../scripts/drills/stage/updates.ts";

const task = (id: string, slot: number, at: string, more = {}) => ({
  ...{ ID: id, Slot: slot, NodeID: "n1", DesiredState: "running" },
  Spec: { ContainerSpec: { Image: "app:1" } },
  Status: { State: "running", Timestamp: at },
  ...more,
});

describe("what the swarm and the nodes tell of tasks", () => {
  test("comes by place, the newest first, with the names of nodes", () => {
    const tasks = [
      task("b", 2, "2026-01-01T00:00:00.5Z"),
      task("a", 1, "2026-01-01T00:00:00Z"),
      task("c", 1, "2026-01-01T00:00:09Z", { NodeID: undefined }),
    ];
    const nodes = [{ ID: "n1", Description: { Hostname: "w1" } }];
    const found = parseTasks(`${JSON.stringify(tasks)}\n${JSON.stringify(nodes)}\n`);
    expect(found.map(({ id, node }) => `${id} ${node}`)).toEqual(["c ", "a w1", "b w1"]);
    expect(found[2]).toMatchObject({ slot: 2, error: "", image: "app:1", at: 1767225600500 });
    expect(() => parseTasks("{}")).toThrow("unreadable list of tasks");
  });

  test("has no end of a container that runs, and no start of one that never did", () => {
    const state = {
      ExitCode: 0,
      StartedAt: "2026-01-01T00:00:00Z",
      FinishedAt: "2025-12-31T00:00:00Z",
    };
    const line = (more: object) =>
      JSON.stringify({
        ...{ Id: "0123456789abcdef", Image: "sha256:x" },
        Config: { Labels: { "com.docker.swarm.task.id": "t" } },
        State: { ...state, ...more },
      });
    const never = {
      Status: "created",
      StartedAt: "0001-01-01T00:00:00Z",
      FinishedAt: "0001-01-01T00:00:00Z",
    };
    const [runs, created] = parseContainers(
      "w1",
      `${line({ Status: "running" })}\n${line(never)}\n`,
    );
    expect(runs).toMatchObject({ id: "0123456789ab", health: "none", finishedAt: null });
    expect(created).toMatchObject({ startedAt: null, finishedAt: null });
  });

  test("an update that ended otherwise is not waited for", () => {
    const service = (update: string) => ({ image: "b", previousImage: "a", update, message: "m" });
    const wanted = ["completed"];
    expect(updateLook(wanted, service("completed"))).toEqual({ done: service("completed") });
    for (const end of ["paused", "rollback_paused", "rollback_completed"])
      expect(updateLook(wanted, service(end))).toEqual({ failed: `it is ${end}: m` });
    for (const now of ["", "updating", "rollback_started"])
      expect(updateLook(wanted, service(now))).toEqual({
        waiting: `it is ${now || "not begun"}: m`,
      });
    expect(updateLook(["rollback_completed"], service("completed"))).toHaveProperty("failed");
  });

  test("and tells what its tasks came to, also those the swarm has no error of", () => {
    const ended = (state: string, at: string, error?: string) => ({
      ...{ DesiredState: "shutdown" },
      Status: { State: state, Timestamp: at, ...(error && { Err: error }) },
    });
    const tasks = parseTasks(
      `${JSON.stringify([
        task("a", 1, "2026-01-01T00:00:00Z"),
        task("b", 2, "", ended("rejected", "2026-01-01T00:00:01Z", "no such image")),
        task("c", 3, "", ended("complete", "2026-01-01T00:00:02Z")),
        task("d", 3, "", ended("shutdown", "2026-01-01T00:00:03Z")),
      ])}\n${JSON.stringify([{ ID: "n1", Description: { Hostname: "w1" } }])}`,
    );
    const container = {
      ...{ node: "w1", task: "c", id: "x", image: "b", status: "exited", health: "unhealthy" },
      ...{ exitCode: 0, startedAt: 0, finishedAt: 1 },
    };
    expect(withTroubles({ failed: "m" }, tasks, [container])).toEqual({
      failed:
        "m (00:00:02 task 3 on w1 complete, unhealthy, exit code 0; 00:00:01 task 2 on w1 rejected: no such image)",
    });
    expect(withTroubles({ failed: "m" }, [], [])).toEqual({ failed: "m (no task ended)" });
    expect(withTroubles({ waiting: "m" }, tasks, [])).toEqual({ waiting: "m" });
  });

  test("says what a rollback would bring back", () => {
    const spec = (image: string) => ({ TaskTemplate: { ContainerSpec: { Image: image } } });
    const found = parseService(JSON.stringify({ Spec: spec("b"), PreviousSpec: spec("a") }));
    expect(found).toEqual({ image: "b", previousImage: "a", update: "", message: "" });
    expect(parseService(JSON.stringify({ Spec: spec("b") })).previousImage).toBe("");
  });

  test("counts containers that run at once", () => {
    const one = (startedAt: number, finishedAt: number | null) => ({
      ...{ node: "w1", task: "t", id: "i", image: "x", status: "", health: "", exitCode: 0 },
      ...{ startedAt, finishedAt },
    });
    const window = { from: 10, to: 100 };
    expect(runningAtOnce([one(0, 30), one(20, null)], window)).toEqual({ least: 1, most: 2 });
    expect(runningAtOnce([one(0, 30), one(40, null)], window)).toEqual({ least: 0, most: 1 });
  });
});

describe("another release of an image", () => {
  test("has other environment, and the id of its own configuration", () => {
    const folder = mkdtempSync(join(tmpdir(), "swarm-lab-release-"));
    try {
      mkdirSync(join(folder, "image"));
      const config = { config: { Env: ["PATH=/bin", "VERSION=1"], Entrypoint: ["/bin/app"] } };
      writeFileSync(join(folder, "image", "config"), JSON.stringify(config));
      writeFileSync(join(folder, "image", "manifest.json"), '[{"Config":"config","Layers":[]}]');
      // A client that saves this image, keeps what it is told to load, and prints the id it is asked for.
      const client = `#!/bin/sh
case "$*" in
  *save*) tar -C ${folder}/image -cf - . ;;
  *load*) mkdir ${folder}/loaded; tar -C ${folder}/loaded -xf - ;;
  *) for last; do :; done; echo "$last" ;;
esac`;
      writeFileSync(join(folder, "docker"), client, { mode: 0o755 });
      const script = releaseScript("app", { env: { VERSION: "2", MORE: "x" }, dies: 12 });
      const PATH = `${folder}:${process.env.PATH}`;
      const id = execFileSync("sh", ["-euc", script], { env: { PATH }, encoding: "utf8" }).trim();
      const name = `${id.replace("sha256:", "")}.json`;
      const loaded = (file: string) =>
        JSON.parse(readFileSync(join(folder, "loaded", file), "utf8"));
      expect(loaded("manifest.json")).toEqual([{ Config: name, Layers: [] }]);
      expect(loaded(name).config).toEqual({
        Env: ["VERSION=2", "MORE=x", "PATH=/bin"],
        Entrypoint: ["/bin/sh", "-c", "app & sleep 12; exit 3"],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
