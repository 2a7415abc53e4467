import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withBackupLock } from "../../scripts/backup/backup-lock.ts";
import { elsewhere, killed } from "./backup-process-support.ts";
import { scratchPlace } from "./backup-support.ts";

const scratch = scratchPlace();

describe("the lock of backups", () => {
  const file = () => join(scratch.folder, "backup.lock");
  const hold = () =>
    elsewhere(
      `void withBackupLock(${JSON.stringify(file())}, async () => { ready(); await stay(); });`,
    );

  test("is refused at once while another holds it, which is named", async () => {
    const child = await hold();
    const start = performance.now();
    const second = withBackupLock(file(), async () => "done");
    await expect(second).rejects.toThrow(`running already (process ${child.pid} on `);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({ pid: child.pid });
    await killed(child);
    expect(await withBackupLock(file(), async () => "done")).toBe("done");
    expect(existsSync(file())).toBe(false);
  });

  test("is free again after a failure, and two of one process exclude each other", async () => {
    await expect(withBackupLock(file(), () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    const inner = withBackupLock(file(), () => withBackupLock(file(), async () => "both"));
    await expect(inner).rejects.toThrow("running already");
    expect(await withBackupLock(file(), async () => "done")).toBe("done");
  });

  test("that is no lock's text is an error instead of a wait", async () => {
    writeFileSync(file(), "");
    await expect(withBackupLock(file(), async () => "done")).rejects.toThrow("remove it");
  });
});
