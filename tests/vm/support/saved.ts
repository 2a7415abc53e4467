import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "../../../components/process.ts";
import { type Report, timed } from "../../../scripts/cli/report.ts";
import { withLock } from "../../../scripts/setup/lock.ts";
import type { Image } from "./image.ts";
import type { Machines } from "./machines.ts";
import { type Birth, birthFrom, IDENTITY, type MachineSpec } from "./make.ts";
import { makeKey } from "./seed.ts";

/** How a set of machines is started from nothing; `login` is the key that may log in. */
export type StartAnew = (specs: readonly MachineSpec[], login: string) => Promise<Machines>;

/** A state is of one machine, of one QEMU, and of how that is called and the machine is seeded. */
async function stateKeys(): Promise<(spec: MachineSpec) => string> {
  const sources = ["machine.ts", "seed.ts"].map((name) =>
    readFileSync(join(import.meta.dirname, name), "utf8"),
  );
  const { stdout: version } = await capture("qemu-system-x86_64", ["--version"]);
  return (spec) => {
    const hash = createHash("sha256").update(JSON.stringify([spec, sources, version]));
    return `${spec.name}-${hash.digest("hex").slice(0, 8)}`;
  };
}

/** The key that may log in to machines of this image, made once. */
async function loginOf(image: Image): Promise<string> {
  const login = join(image.folder, "login");
  if (existsSync(`${login}.pub`)) return login;
  const half = await mkdtemp(join(image.folder, "half-"));
  await makeKey(join(half, "login"));
  // The one that is looked for comes last.
  for (const name of ["login", "login.pub"])
    await rename(join(half, name), join(image.folder, name));
  await rm(half, { recursive: true });
  return login;
}

async function save(machines: Machines, spec: MachineSpec, folder: string): Promise<void> {
  const half = await mkdtemp(`${folder}.half-`);
  const made = machines.find(spec.name);
  await made.machine.save(join(half, "state"));
  for (const name of Object.values(IDENTITY))
    await copyFile(join(machines.folder, spec.name, name), join(half, name));
  await copyFile(made.machine.disk, join(half, "disk.qcow2"));
  await rename(half, folder);
}

export interface Saved {
  readonly births: readonly Birth[];
  /** The key that may log in, to them and to any other. */
  readonly login: string;
}

/**
 * Where each of these machines goes on from: a state in which it runs, its first start done. Starting takes minutes under
 * emulation, going on takes seconds; so a machine is started once for each image, and kept beside it. Any number of
 * tests may go on from one state, each on a disk of its own.
 */
export async function savedBirths(
  specs: readonly MachineSpec[],
  image: Image,
  address: (spec: MachineSpec) => string,
  startAnew: StartAnew,
  say: Report,
): Promise<Saved> {
  const parent = join(image.folder, "saved");
  const keyOf = await stateKeys();
  const folderOf = (spec: MachineSpec) => join(parent, keyOf(spec));
  await mkdir(parent, { recursive: true });
  const login = await withLock(join(image.folder, "saved.lock"), say, async () => {
    const key = await loginOf(image);
    for (const name of await readdir(parent))
      if (name.includes(".half-")) await rm(join(parent, name), { recursive: true });
    const missing = specs.filter((spec) => !existsSync(folderOf(spec)));
    if (missing.length === 0) return key;
    await using machines = await startAnew(missing, key);
    const names = missing.map(({ name }) => name);
    await timed(
      `test machines: ${names.join(", ")} settle and are saved`,
      async () => {
        await Promise.all(missing.map((spec) => machines.settle(spec.name, 300)));
        for (const spec of missing) await save(machines, spec, folderOf(spec));
      },
      say,
    );
    return key;
  });
  const births = await Promise.all(
    specs.map((spec) => {
      const folder = folderOf(spec);
      const file = (name: string) => join(folder, name);
      const origin = { disk: file("disk.qcow2"), format: "qcow2", state: file("state") } as const;
      return birthFrom(folder, spec, address(spec), login, origin);
    }),
  );
  return { births, login };
}
