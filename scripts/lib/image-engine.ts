import { x } from "tinyexec";
import { UserError } from "../../components/errors.ts";

/** Which of these references the engine has: one call, whatever their number. */
export async function present(engine: string, references: readonly string[]): Promise<Set<string>> {
  const format = "{{range .RepoTags}}{{println .}}{{end}}";
  const args = ["--host", engine, "image", "inspect", "--format", format, ...references];
  const { stdout, stderr, exitCode } = await x("docker", args, { timeout: 30_000 });
  const said = stderr.split("\n").filter((line) => line && !/no such image/i.test(line));
  if (exitCode !== 0 && said.length > 0) {
    const reasons = [...new Set(said)].join(" ");
    throw new UserError(`images: the engine at ${engine} does not answer: ${reasons}`);
  }
  const found = new Set(stdout.split("\n"));
  return new Set(references.filter((reference) => found.has(reference)));
}

/** Runs a long command and hands each of its lines to `line`; a failure is an error with its last lines. */
export async function run(
  what: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  timeout: number,
  line: (text: string) => void = () => {},
): Promise<void> {
  const last: string[] = [];
  const child = x(command, [...args], { timeout, nodeOptions: { env } });
  for await (const text of child) {
    last.push(text);
    if (last.length > 20) last.shift();
    line(text);
  }
  const { exitCode } = await child;
  if (exitCode === 0) return;
  const end =
    exitCode === undefined ? `no end within ${timeout / 1000} s` : `exit code ${exitCode}`;
  throw new UserError(`${what}: ${end}:\n${last.map((text) => `  ${text}`).join("\n")}`);
}
