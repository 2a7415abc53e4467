import { describe, expect, test } from "vitest";
import {
  isBackupName,
  isPlainFile,
  manifestText,
  parseManifest,
} from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { manifestOf, NAME, sha256 } from "./backup-support.ts";

const swarm = { file: "swarm.tgz", sha256: sha256("x"), bytes: 1, encryption: "none" as const };
const whole = manifestOf(swarm);
const parse = (change: object) => parseManifest(JSON.stringify({ ...whole, ...change }), "m.json");
const said = (change: object): string => {
  try {
    parse(change);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return "";
};

describe("a manifest", () => {
  test("is read as it was written", () => {
    expect(parseManifest(manifestText(whole), "m.json")).toEqual(whole);
  });

  test("of another format says which this program reads, and nothing else", () => {
    expect(said({ format: 2, lab: 7 })).toBe(
      "m.json: got format 2, need format 1, the only one this program reads; use the program that made the backup",
    );
  });

  test("that is no JSON, or no object, is a clear error", () => {
    expect(() => parseManifest("{", "m.json")).toThrow(/^m.json: got no JSON/);
    expect(() => parseManifest("null", "m.json")).toThrow("need an object");
    expect(() => parseManifest("{}", "m.json")).toThrow('m.json: format: got nothing, need "1"');
  });

  test("tells all problems in one message", () => {
    const message = said({ lab: "", raftIndex: -1, mode: "warm", extra: 1 });
    expect(message).toContain('lab: got "", need a text that is not empty');
    expect(message).toContain("raftIndex: got -1, need 0 or more");
    expect(message).toContain('mode: got "warm", need "cold" or "hot"');
    expect(message).toContain("got extra, need only keys that format 1 has");
  });

  test.each([["../x.tgz"], ["a/b.tgz"], ["..tgz"], [".hidden"], [""], ["manifest.json"]])(
    "refuses the file name %j",
    (file) => {
      expect(said({ swarm: { ...swarm, file } })).toContain("swarm: file: got");
    },
  );

  test("that contradicts itself is refused", () => {
    expect(said({ autolock: true })).toContain("unlockKey: got null");
    const unlockKey = { hash: sha256("k"), file: "c-0.key" };
    expect(said({ unlockKey })).toContain("unlockKey: got");
    expect(said({ autolock: true, unlockKey })).toBe("");
    expect(said({ managers: [{ id: "b", name: "m9", address: "a" }] })).toContain("node: id: got");
    const part = { kind: "volume", name: "db", node: "w1", ...swarm };
    expect(said({ parts: [part] })).toContain("need a file of its own for each");
  });
});

test("names of backups and files are told from others", () => {
  expect(isBackupName(NAME)).toBe(true);
  for (const name of [`.partial-${NAME}`, "2026-11-21-m2", `${NAME}/..`, `${NAME}..`, ""])
    expect(isBackupName(name), name).toBe(false);
  expect(isPlainFile("volume-app_data.tgz.age")).toBe(true);
});
