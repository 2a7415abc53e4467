import { existsSync, mkdirSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { UserError } from "../../components/errors.ts";
import { SUMS } from "../../scripts/backup/place.ts";
import { elsewhere, killed } from "./backup-process-support.ts";
import { makeBackup, manifestOf, NAME, scratchPlace, sha256 } from "./backup-support.ts";

const scratch = scratchPlace();
const LATER = "2026-11-22T10-03-22Z-m2";
const bytes = (content: string) => Readable.from([Buffer.from(content)]);
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const partial = (name = NAME) => join(scratch.place.where, `.partial-${name}`);

describe("a directory of backups", () => {
  test("shows a backup when it is complete, and not before", async () => {
    const { place } = scratch;
    expect(await place.list()).toEqual([]);
    const draft = await place.begin(NAME);
    const written = await draft.write("swarm.tgz", bytes("archive"));
    expect(written).toEqual({ sha256: sha256("archive"), bytes: 7 });
    expect(mode(partial())).toBe("700");
    expect(mode(join(partial(), "swarm.tgz"))).toBe("600");
    expect(await place.list()).toEqual([]);
    expect(await place.exists(NAME)).toBe(false);
    await expect(draft.commit()).rejects.toThrow("no manifest");
    await draft.writeManifest(manifestOf({ file: "swarm.tgz", encryption: "none", ...written }));
    const folder = await draft.commit();
    await draft.discard();
    expect(folder).toBe(join(place.where, NAME));
    expect(await place.list()).toEqual([NAME]);
    expect(readdirSync(folder).sort()).toEqual([SUMS, "manifest.json", "swarm.tgz"]);
    expect(mode(folder)).toBe("700");
    expect(await text(await place.open(NAME, "swarm.tgz"))).toBe("archive");
  });

  test("lists by time, and neither partial folders nor what is no backup", async () => {
    for (const name of [LATER, NAME])
      await makeBackup(scratch.place, Buffer.from("x"), undefined, undefined, name);
    await scratch.place.begin("2026-11-23T10-03-22Z-m2");
    mkdirSync(join(scratch.place.where, "notes"));
    expect(await scratch.place.list()).toEqual([NAME, LATER]);
    await scratch.place.remove(NAME);
    expect(await scratch.place.list()).toEqual([LATER]);
  });

  test("leaves nothing of a draft that is discarded, or whose stream fails", async () => {
    const draft = await scratch.place.begin(NAME);
    const failing = Readable.from(
      (async function* () {
        yield Buffer.from("half");
        throw new Error("tar ended with 1");
      })(),
    );
    await expect(draft.write("swarm.tgz", failing)).rejects.toThrow("tar ended with 1");
    await draft.discard();
    expect(readdirSync(scratch.place.where)).toEqual([]);
  });

  test("never overwrites a backup, nor writes outside its folder", async () => {
    await makeBackup(scratch.place, Buffer.from("x"));
    await expect(scratch.place.begin(NAME)).rejects.toThrow(UserError);
    const draft = await scratch.place.begin(LATER);
    await expect(draft.write("../x", bytes("x"))).rejects.toThrow("no plain file name");
    await expect(scratch.place.open(NAME, "../x")).rejects.toThrow("no plain file name");
    await expect(scratch.place.begin("../x")).rejects.toThrow("no backup's name");
    await expect(scratch.place.open(NAME, "none.tgz")).rejects.toThrow(/got no such file/);
  });

  test("clears away the partial folder of a writer that was killed, and not of one that lives", async () => {
    const child = await elsewhere(
      `await new DirectoryPlace(${JSON.stringify(scratch.place.where)}).begin(${JSON.stringify(NAME)}); ready(); await stay();`,
    );
    const first = await scratch.place.begin(LATER);
    expect(existsSync(partial())).toBe(true);
    await expect(scratch.place.begin(NAME)).rejects.toThrow("is there");
    await killed(child);
    const again = await scratch.place.begin(NAME);
    await Promise.all([first.discard(), again.discard()]);
    expect(readdirSync(scratch.place.where)).toEqual([]);
  });

  test("clears away a partial folder without a writer only when it is old", async () => {
    mkdirSync(partial(LATER), { recursive: true });
    await (await scratch.place.begin(NAME)).discard();
    expect(existsSync(partial(LATER))).toBe(true);
    const old = Date.now() / 1000 - 120;
    utimesSync(partial(LATER), old, old);
    await (await scratch.place.begin(NAME)).discard();
    expect(existsSync(partial(LATER))).toBe(false);
  });
});
