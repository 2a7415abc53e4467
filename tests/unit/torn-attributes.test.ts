import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backendFolder } from "../../scripts/cli/paths.ts";
import { removeTornAttributes } from "../../scripts/cli/torn-attributes.ts";

let backend = "";
let folder = "";

beforeEach(async () => {
  backend = await mkdtemp(join(tmpdir(), "swarm-lab-attributes-"));
  folder = join(backend, ".pulumi", "stacks", "swarm-lab");
  await mkdir(folder, { recursive: true });
});

afterEach(() => rm(backend, { recursive: true }));

test("removes what is half written, of this stack alone, and nothing that is whole", async () => {
  const files = {
    "dev.json": '{"version":3}',
    "dev.json.attrs": "",
    "dev.json.bak.attrs": '{"user.cache_con',
    "dev.json.gz.attrs": '{"md5":"x"}',
    "other.json.attrs": "",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await writeFile(join(backend, ".pulumi", "meta.yaml.attrs"), "");
  const torn = await removeTornAttributes("organization/swarm-lab/dev", backend);
  expect(torn.map((file) => basename(file)).sort()).toEqual([
    "dev.json.attrs",
    "dev.json.bak.attrs",
    "meta.yaml.attrs",
  ]);
  expect((await readdir(folder)).sort()).toEqual([
    "dev.json",
    "dev.json.gz.attrs",
    "other.json.attrs",
  ]);
});

test("has nothing to do in a backend that is new, or is no folder", async () => {
  expect(await removeTornAttributes("dev", join(backend, "new"))).toEqual([]);
  expect(await removeTornAttributes("dev", undefined)).toEqual([]);
});

test("the folder of a file backend is its address without the options", () => {
  expect(backendFolder({ PULUMI_BACKEND_URL: "file:///srv/state?metadata=skip" })).toBe(
    "/srv/state",
  );
  expect(backendFolder({ PULUMI_BACKEND_URL: "file://~", HOME: "/home/a" })).toBe("/home/a");
  expect(backendFolder({ PULUMI_BACKEND_URL: "s3://state" })).toBeUndefined();
});
