import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { savedImages } from "../../components/nodes/saved-images.ts";
import { StubDocker } from "../support/stub-docker.ts";

/** `docker --host ENGINE image inspect|save ...`: an id, and a file that takes a moment to write. */
const ANSWERS = `case $4 in
inspect) echo sha256:1 ;;
save) sleep 0.2; echo saved >"$6" ;;
esac`;

describe("images saved to a file", () => {
  const engine = "unix:///an/engine.sock";
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-lab-test-"));
    vi.stubEnv("XDG_CACHE_HOME", folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const kept = () => readdirSync(join(folder, "swarm-lab", "images"));
  const saves = ({ calls }: StubDocker) => calls.filter(([, , , verb]) => verb === "save").length;

  test("are saved once, for several nodes at once and later", async () => {
    using docker = new StubDocker(ANSWERS);
    vi.stubEnv("PATH", docker.path);
    const files = await Promise.all([1, 2, 3].map(() => savedImages(engine, ["app:1"])));
    expect(new Set(files).size).toBe(1);
    expect(readFileSync(files[0] ?? "", "utf8")).toBe("saved\n");
    expect(await savedImages(engine, ["app:1"])).toBe(files[0]);
    expect(saves(docker)).toBe(1);
    expect(kept()).toHaveLength(1);
  });

  test("are another file for other images", async () => {
    using docker = new StubDocker(ANSWERS);
    vi.stubEnv("PATH", docker.path);
    const files = await Promise.all([["app:1"], ["app:2"]].map((one) => savedImages(engine, one)));
    expect(new Set(files).size).toBe(2);
    expect(kept()).toHaveLength(2);
  });

  test("that cannot be saved are tried anew by the next", async () => {
    using full = new StubDocker(
      '[ "$4" = inspect ] && echo sha256:1 || { echo no room >&2; exit 1; }',
    );
    vi.stubEnv("PATH", full.path);
    const both = await Promise.allSettled([1, 2].map(() => savedImages(engine, ["app:1"])));
    for (const one of both)
      expect(one).toMatchObject({ reason: { message: expect.stringContaining("no room") } });
    using docker = new StubDocker(ANSWERS);
    vi.stubEnv("PATH", docker.path);
    await savedImages(engine, ["app:1"]);
    expect(kept()).toHaveLength(1);
  });
});
