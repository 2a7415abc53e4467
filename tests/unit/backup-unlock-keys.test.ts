import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../components/errors.ts";
import { UnlockKeys } from "../../scripts/backup/unlock-keys.ts";
import { scratchPlace, sha256 } from "./backup-support.ts";

const scratch = scratchPlace();
const folder = () => join(scratch.folder, "keys");
let keys = new UnlockKeys("");
beforeEach(() => {
  keys = new UnlockKeys(folder());
});
const KEY = "SWMKEY-1-oNeKeYoFnOsWaRm0123456789abcdefghijklmnopq";
const OTHER = "SWMKEY-1-another0123456789abcdefghijklmnopqrstuvw";
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("kept unlock keys", () => {
  test("are found by their hash, each in a file only its owner reads", async () => {
    expect(await keys.find(sha256(KEY))).toBeUndefined();
    const { hash, file } = await keys.keep(`${KEY}\n`, "x7k0p2");
    expect(hash).toBe(sha256(KEY));
    expect(file).toBe(`x7k0p2-${hash.slice(0, 12)}.key`);
    expect(await keys.find(hash)).toBe(KEY);
    expect(mode(folder())).toBe("700");
    expect(mode(join(folder(), file))).toBe("600");
    expect(readdirSync(folder())).toEqual([file]);
  });

  test("lie in a folder that is closed to others also when it was open", async () => {
    mkdirSync(folder());
    chmodSync(folder(), 0o755);
    await keys.keep(KEY, "c1");
    expect(mode(folder())).toBe("700");
  });

  test("are listed and removed one by one; keeping one twice changes nothing", async () => {
    const one = await keys.keep(KEY, "c1");
    const other = await keys.keep(OTHER, "c1");
    expect(await keys.keep(KEY, "c1")).toEqual(one);
    expect((await keys.list()).map(({ hash }) => hash).sort()).toEqual(
      [one.hash, other.hash].sort(),
    );
    await keys.remove(one.hash);
    await keys.remove(one.hash);
    expect(await keys.list()).toEqual([{ ...other, clusterId: "c1" }]);
  });

  test("are refused when the content is not what the name says, and never shown", async () => {
    const { hash, file } = await keys.keep(KEY, "c1");
    writeFileSync(join(folder(), file), `${OTHER}\n`);
    const uses = [
      () => keys.find(hash),
      () => keys.list(),
      () => keys.keep(KEY, "c1"),
      () => keys.remove(hash),
    ];
    for (const use of uses) {
      const error = await use().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UserError);
      expect(String(error)).toContain("got another content");
      expect(String(error)).not.toContain("SWMKEY");
    }
    expect(readFileSync(join(folder(), file), "utf8")).toBe(`${OTHER}\n`);
  });

  test("are told from other texts", async () => {
    const error = await keys.keep("hunter2", "c1").catch((caught: unknown) => caught);
    expect(String(error)).toContain("unlock key: got a text that is none");
    expect(String(error)).not.toContain("hunter2");
    await expect(keys.keep(KEY, "../c1")).rejects.toThrow("need letters and digits");
  });
});
