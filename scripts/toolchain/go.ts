import { type ExecFileException, execFile } from "node:child_process";
import { UserError } from "../../components/errors.ts";

/** The oldest Go that compiles the modules, as their go.mod files say. */
export const OLDEST_GO = "1.25.11";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** No paths of this machine in the executables, and no debugging tables, which the linker would only drop again. */
const FLAGS = "-trimpath -buildvcs=false -gcflags=all=-dwarf=false";

/**
 * What Go sees beside the caller's environment: nothing set there for other projects changes what is built. GOFLAGS is
 * never empty, as an empty one would let `go env -w GOFLAGS` through.
 */
export function goEnvironment(): Record<string, string> {
  return {
    GOFLAGS: FLAGS,
    GOWORK: "off",
    GO111MODULE: "on",
    CGO_ENABLED: "0",
    GOOS: process.platform,
    GOARCH: ARCHITECTURES[process.arch] ?? process.arch,
  };
}

const INSTALL = `install Go ${OLDEST_GO} or newer (https://go.dev/doc/install), or Pulumi itself`;

/**
 * Runs `go` in a module's folder and returns its stdout. A failure is thrown as a UserError, in the words that `explain`
 * makes of what Go said on stderr.
 */
export function go(
  folder: string,
  args: readonly string[],
  explain: (said: string) => string,
): Promise<string> {
  const env = { ...process.env, ...goEnvironment() };
  const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) => {
      if (error === null) resolve(stdout);
      else if (error.code === "ENOENT")
        reject(new UserError(`toolchain: no Go on PATH; ${INSTALL}`));
      else reject(new UserError(explain(stderr.trim() || stdout.trim() || error.message)));
    };
    execFile("go", args, options, done);
  });
}

/** The last lines of what Go said, which name the cause. */
export function lastLines(said: string, lines = 5): string {
  return said.split("\n").slice(-lines).join("\n");
}

/** Throws a UserError unless there is a Go that is new enough, or one that fetches a new enough one by itself. */
export async function requireGo(folder: string): Promise<void> {
  if (process.platform === "win32" || ARCHITECTURES[process.arch] === undefined) {
    const here = `${process.platform} on ${process.arch}`;
    throw new UserError(
      `toolchain: got ${here}, need Linux or macOS on x64 or arm64; install Pulumi itself`,
    );
  }
  await go(folder, ["env", "GOVERSION"], tooOld);
}

function tooOld(said: string): string {
  const running = /running go ([\d.]+)/.exec(said)?.[1];
  if (running === undefined) return `toolchain: go does not work here: ${lastLines(said)}`;
  return `toolchain: got Go ${running}, need ${OLDEST_GO} or newer; ${INSTALL}`;
}

/** Says which module could not be had, and what Go said about it. */
export function cannotFetch(what: string, said: string): string {
  const module = /([\w.~-]+\.[a-z]+\/[\w./~-]+@v[\w.+-]+)/.exec(said)?.[1];
  const lack = module === undefined ? "its Go modules cannot be had" : `no Go module ${module}`;
  return (
    `toolchain: ${what}: ${lack}; it comes from where GOPROXY says, which must be reachable: ` +
    lastLines(said, 3)
  );
}
