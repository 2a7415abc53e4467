import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { locate } from "../../scripts/backup/locate.ts";
import { makeBackup, NAME, scratchPlace } from "./backup-support.ts";

const scratch = scratchPlace();
const LATER = "2026-11-22T10-03-22Z-m2";

describe("locating a backup", () => {
  test.each(["", "/", "/manifest.json", "/swarm.tgz"])("takes its folder%s", async (end) => {
    await makeBackup(scratch.place, Buffer.from("x"));
    const found = await locate(join(scratch.place.where, NAME) + end, scratch.place);
    expect([found.place.where, found.name]).toEqual([scratch.place.where, NAME]);
  });

  test("takes its name, and a folder of any name with a manifest in it", async () => {
    await makeBackup(scratch.place, Buffer.from("x"));
    expect(await locate(NAME, scratch.place)).toEqual({ place: scratch.place, name: NAME });
    const copy = join(scratch.folder, "usb", "mine");
    mkdirSync(copy, { recursive: true });
    writeFileSync(join(copy, "manifest.json"), "{}");
    const { place, name } = await locate(copy, scratch.place);
    expect([place.where, name]).toEqual([join(scratch.folder, "usb"), "mine"]);
    expect(await text(await place.open(name, "manifest.json"))).toBe("{}");
  });

  test("says what there is when it finds none", async () => {
    await expect(locate(LATER, scratch.place)).rejects.toThrow("there is: none");
    await makeBackup(scratch.place, Buffer.from("x"));
    await expect(locate(LATER, scratch.place)).rejects.toThrow(`there is: ${NAME}`);
    await expect(locate(scratch.folder, scratch.place)).rejects.toThrow("no manifest.json in it");
    await scratch.place.begin(LATER);
    await expect(
      locate(join(scratch.place.where, `.partial-${LATER}`), scratch.place),
    ).rejects.toThrow("half a backup");
  });
});
