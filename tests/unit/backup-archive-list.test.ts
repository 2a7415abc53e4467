import { describe, expect, test } from "vitest";
import {
  type ArchiveEntry,
  judgeSwarmArchive,
  judgeVolumeEntry,
} from "../../components/backup/archive-list.ts";
import { describeProblem } from "../../components/errors.ts";
import { swarmListing } from "./backup-support.ts";

const judged = (entries: readonly ArchiveEntry[]) =>
  judgeSwarmArchive(entries, "swarm.tgz").map(describeProblem);
const file = (path: string, size = 1): ArchiveEntry => ({ path, type: "file", size });

describe("the listing of a swarm archive", () => {
  test("that is whole has no problem", () => {
    expect(judged(swarmListing())).toEqual([]);
    expect(judged([...swarmListing(), file("swarm/raft/snap-v3-encrypted/2-9.snap")])).toEqual([]);
  });

  test.each([
    "swarm/docker-state.json",
    "swarm/state.json",
    "swarm/certificates/swarm-node.crt",
    "swarm/certificates/swarm-node.key",
    "swarm/certificates/swarm-root-ca.crt",
    "swarm/worker/tasks.db",
    "swarm/raft/wal-v3-encrypted/0000000000000000-0000000000000000.wal",
  ])("needs %s, with something in it, as a file", (path) => {
    const others = swarmListing().filter((entry) => entry.path !== path);
    for (const instead of [[], [file(path, 0)], [{ ...file(path), type: "directory" as const }]]) {
      const problems = judged([...others, ...instead]);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(path.endsWith(".wal") ? "*.wal" : path);
    }
  });

  test.each([
    "/swarm/x",
    "swarm/../x",
    "../swarm/x",
    "swarm/..",
    "swarmer/x",
    "x",
    "./swarm/x",
    "swarm//x",
    "",
  ])("must not hold %j", (path) => {
    expect(judged([...swarmListing(), file(path)]).join()).toContain(
      "need plain paths under swarm/",
    );
  });

  test.each(["symlink", "hard link", "character device", "block device", "fifo"] as const)(
    "must not hold a %s",
    (type) => {
      const entry = { path: "swarm/x", type, size: 0, linkTarget: "/etc/shadow" };
      expect(judged([...swarmListing(), entry])).toEqual([
        `swarm.tgz: got "swarm/x", a ${type} to "/etc/shadow", need files and directories only; unpack nothing of it`,
      ]);
    },
  );

  test("must not hold a path twice, and all problems are told", () => {
    const problems = judged([file("swarm/state.json"), file("swarm/state.json"), file("/x")]);
    expect(problems).toHaveLength(8);
    expect(problems[0]).toContain('"swarm/state.json" twice');
  });
});

test("the entries of a volume must stay inside it", () => {
  const ok = (entry: ArchiveEntry) => judgeVolumeEntry(entry, "v") === undefined;
  expect(ok(file("./data/x"))).toBe(true);
  expect(ok({ path: "./l", type: "symlink", size: 0, linkTarget: "/anywhere" })).toBe(true);
  expect(ok({ path: "./l", type: "hard link", size: 0, linkTarget: "./data/x" })).toBe(true);
  expect(ok({ path: "./l", type: "hard link", size: 0, linkTarget: "/etc/shadow" })).toBe(false);
  expect(ok(file("./a/../../x"))).toBe(false);
  expect(ok(file("/x"))).toBe(false);
});
