import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** A folder of its own for each test, with the user's cache in it; PATH is given back after. */
export function scratch(): { readonly folder: string } {
  const kept = { cache: process.env.XDG_CACHE_HOME, path: process.env.PATH };
  const place = { folder: "" };
  beforeEach(() => {
    place.folder = mkdtempSync(join(tmpdir(), "swarm-lab-setup-"));
    process.env.XDG_CACHE_HOME = join(place.folder, "cache");
  });
  afterEach(() => {
    if (kept.cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = kept.cache;
    process.env.PATH = kept.path;
    rmSync(place.folder, { recursive: true, force: true });
  });
  return place;
}

/** Writes an executable shell script. */
export function script(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}
