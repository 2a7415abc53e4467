import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";
import { expect } from "vitest";
import { parse, stringify } from "yaml";
import { own, PREFIX } from "./abandoned.ts";
import { labelled, removeKept, removeLabelled, stateFolder } from "./remains.ts";

export const ROOT = join(import.meta.dirname, "../../..");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings without their namespace, as a test changes them. */
export type Settings = Record<string, unknown>;

/**
 * One lab of a test's own: its own stack name, state and passphrase, removed by label when the test ends, however it
 * ends; where its process was killed, at the next suite's start (abandoned.ts). Use with `await using`.
 */
export class TestLab implements AsyncDisposable {
  readonly stack = `t${randomBytes(3).toString("hex")}`;
  readonly folder = mkdtempSync(PREFIX);
  readonly passphrase = randomBytes(18).toString("base64url");
  /** Everything that was printed, to search it for what must not be there. */
  printed = "";
  private settings: Settings;

  /** The network namespace in which its commands run; undefined: this process's own. */
  private readonly namespace: string | undefined;

  /** The dev lab with `changes` (whole top-level settings) made to it. */
  constructor(changes: Settings = {}, namespace?: string) {
    this.namespace = namespace;
    own(this.folder, { stack: this.stack, root: ROOT, pid: process.pid });
    const dev = parse(readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as { config: Settings };
    this.settings = dev.config;
    this.configure(changes);
  }

  get env(): Record<string, string> {
    return {
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE: this.passphrase,
      PULUMI_STACK: this.stack,
      SWARM_LAB_PROGRESS: join(this.folder, "practice-done.json"),
    };
  }

  private get configFile(): string {
    return join(ROOT, `Pulumi.${this.stack}.yaml`);
  }

  /** Changes top-level settings, keeping what Pulumi itself wrote into the stack's file. */
  configure(changes: Settings): void {
    for (const [key, value] of Object.entries(changes)) this.settings[`swarm-lab:${key}`] = value;
    const before = existsSync(this.configFile)
      ? (parse(readFileSync(this.configFile, "utf8")) as Settings)
      : {};
    writeFileSync(this.configFile, stringify({ ...before, config: this.settings }));
  }

  setting<T>(key: string): T {
    return structuredClone(this.settings[`swarm-lab:${key}`]) as T;
  }

  async run(
    command: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<Ran> {
    const [program = command, ...rest] =
      this.namespace === undefined
        ? [command, ...args]
        : ["ip", "netns", "exec", this.namespace, command, ...args];
    const { stdout, stderr, exitCode } = await x(program, rest, {
      nodeOptions: { cwd: ROOT, env: { ...this.env, ...env } },
    });
    this.printed += `${stdout}\n${stderr}\n`;
    return { code: exitCode ?? 1, stdout, stderr };
  }

  /** `npm run <verb>` without npm. */
  lab(verb: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> {
    return this.run("sh", ["scripts/lab", verb, "--stack", this.stack, ...args], env);
  }

  /** As `lab`, but a failure fails the test with what was printed. */
  async must(verb: string, args: readonly string[] = []): Promise<Ran> {
    const ran = await this.lab(verb, args);
    expect(ran.code, `${verb} failed:\n${ran.stdout}\n${ran.stderr}`).toBe(0);
    return ran;
  }

  /** Plain pulumi, with the environment that `npm run env` prints. */
  async pulumi(args: readonly string[]): Promise<Ran> {
    const script = `eval "$(sh scripts/lab env --stack ${this.stack})"; exec pulumi "$@"`;
    return this.run("sh", ["-c", script, "pulumi", ...args, "--stack", this.stack]);
  }

  /** Runs a shell script on a node and gives back its trimmed output; a failure fails the test. */
  async on(node: string, script: string): Promise<string> {
    const container = `swarm-lab-${this.stack}-${node}`;
    const { stdout, stderr, exitCode } = await x("docker", [
      "exec",
      container,
      "sh",
      "-ec",
      script,
    ]);
    expect(exitCode, `${node}: ${script}: ${stderr}`).toBe(0);
    return stdout.trim();
  }

  async docker(args: readonly string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await x("docker", [...args]);
    expect(exitCode, `docker ${args.join(" ")}: ${stderr}`).toBe(0);
    return stdout.trim();
  }

  /** Names of everything on the engine that carries the lab's label, and of its files. */
  async leftovers(): Promise<string[]> {
    const state = stateFolder(ROOT, this.stack);
    return [...(await labelled(this.stack)), ...(state === undefined ? [] : [state])];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = await this.lab("down");
    if (ended.code !== 0) console.error(`down of ${this.stack} failed:\n${ended.stderr}`);
    await removeLabelled(this.stack);
    removeKept(ROOT, this.stack);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
