import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describeProblem, UserError } from "../../components/errors.ts";
import { ownBackend, ownPassphrase } from "../cli/environment.ts";
import {
  BACKEND_FOLDER,
  backendFolder,
  labName,
  PASSPHRASE_FILE,
  PROJECT,
  stackConfigFile,
  stackFolder,
  stateFile,
} from "../cli/paths.ts";
import type { Report } from "../cli/report.ts";
import { capture, said } from "../cli/run.ts";
import { holdsResources, parseState } from "../cli/state.ts";
import { removeTornAttributes } from "../cli/torn-attributes.ts";
import type { Step } from "./step.ts";

/** Stacks of the own backend that Pulumi has resources of on record; their secrets need the passphrase. */
async function stacksInUse(): Promise<string[]> {
  const folder = dirname(stateFile("any"));
  const files = existsSync(folder) ? await readdir(folder) : [];
  const states = files.filter((name) => name.endsWith(".json"));
  const used = await Promise.all(
    states.map(async (name) =>
      holdsResources(parseState(await readFile(join(folder, name), "utf8"))),
    ),
  );
  return states.filter((_, index) => used[index]).map((name) => name.slice(0, -".json".length));
}

/** Removes what the own backend has on record of a stack; Pulumi then knows no such stack. */
export async function forgetStack(stack: string): Promise<void> {
  const file = stateFile(stack);
  const ends = ["", ".gz", ".zst"].flatMap((end) => [
    end,
    `${end}.attrs`,
    `${end}.bak`,
    `${end}.bak.attrs`,
  ]);
  await Promise.all(ends.map((end) => rm(file + end, { force: true })));
}

/** Makes a passphrase: 32 random bytes, readable by the user alone. Never a second one over states of a first. */
async function makePassphrase(): Promise<void> {
  const used = await stacksInUse();
  if (used.length > 0)
    throw new UserError(
      describeProblem({
        where: "passphrase of the state",
        got: `none in ${PASSPHRASE_FILE}, while ${used.join(", ")} was encrypted with one`,
        need: "that file, or PULUMI_CONFIG_PASSPHRASE",
        fix: `bring it back, or give the lab up with \`npm run down -- --stack ${used[0]}\``,
      }),
    );
  const folder = dirname(stateFile("any"));
  const files = existsSync(folder) ? await readdir(folder) : [];
  // What is left are empty states, salted for the passphrase that is gone.
  await Promise.all(files.map((name) => rm(join(folder, name), { force: true })));
  await mkdir(dirname(PASSPHRASE_FILE), { recursive: true });
  const text = `${randomBytes(32).toString("base64url")}\n`;
  await writeFile(PASSPHRASE_FILE, text, { mode: 0o600, flag: "wx" });
}

const pulumi = (args: readonly string[]) => capture("pulumi", args, { timeout: 120_000 });

/**
 * Makes the stack in the own backend. It is made out of an empty project, as Pulumi would otherwise write the new
 * salt into the Pulumi.<stack>.yaml that everybody shares.
 */
async function initOwn(stack: string): Promise<void> {
  const folder = join(stackFolder(stack), "init");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: nodejs\n`);
    const args = [
      "stack",
      "init",
      labName(stack),
      "--cwd",
      folder,
      "--no-select",
      "--non-interactive",
    ];
    const result = await pulumi(args);
    if (result.code !== 0)
      throw new UserError(`stack ${stack}: pulumi stack init: ${said(result)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether a backend of the user's own has the stack. Any other answer than yes or no is a UserError. */
async function stackExists(stack: string): Promise<boolean> {
  const result = await pulumi(["stack", "select", stack, "--non-interactive"]);
  if (result.code === 0) return true;
  if (/no stack named/i.test(result.stderr)) return false;
  throw new UserError(`stack ${stack} in your backend: pulumi stack select: ${said(result)}`);
}

/** Brings the state's place: file backend, passphrase and stack. A backend of the user's own only gets the stack. */
export class BackendStep implements Step {
  readonly name: string;
  readonly #stack: string;

  constructor(stack: string) {
    this.#stack = stack;
    this.name = `stack ${stack}`;
  }

  async done(): Promise<boolean> {
    // One torn file would make every stack that a killed run left look as if it were not there.
    await removeTornAttributes(this.#stack, backendFolder());
    if (!ownBackend()) return stackExists(this.#stack);
    if (ownPassphrase() && !existsSync(PASSPHRASE_FILE)) return false;
    return ["", ".gz", ".zst"].some((end) => existsSync(stateFile(this.#stack) + end));
  }

  async run(say: Report): Promise<void> {
    const stack = this.#stack;
    if (!existsSync(stackConfigFile(stack)))
      say(
        `set-up: stack ${stack}: there is no Pulumi.${labName(stack)}.yaml, so every setting has its default`,
      );
    if (!ownBackend()) {
      const result = await pulumi(["stack", "init", stack, "--non-interactive"]);
      if (result.code === 0) return;
      throw new UserError(`stack ${stack} in your backend: pulumi stack init: ${said(result)}`);
    }
    await mkdir(BACKEND_FOLDER, { recursive: true, mode: 0o700 });
    if (ownPassphrase() && !existsSync(PASSPHRASE_FILE)) await makePassphrase();
    if (!(await this.done())) await initOwn(stack);
  }
}
