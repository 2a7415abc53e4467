import { readFile } from "node:fs/promises";
import pc from "picocolors";
import { refuse, UserError } from "../../components/errors.ts";
import { capture } from "../../components/process.ts";
import { type TokenFound, tokensIn } from "../../components/swarm/tokens-in-text.ts";
import { report } from "./report.ts";

export interface CheckTokensOptions {
  /** What git would commit, instead of files. */
  readonly staged: boolean;
  readonly json: boolean;
}

/** One text to be searched, by the name that a person knows it by. */
interface Text {
  readonly file: string;
  readonly text: string;
}

async function git(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await capture("git", args);
  if (code === 0) return stdout;
  const said = stderr.trim().split("\n")[0];
  throw new UserError(
    `check-tokens --staged: git ${args[0]} failed: ${said}; run it in a checkout`,
  );
}

/** The files as git would commit them, which may differ from those on the disk. */
async function staged(): Promise<Text[]> {
  const changed = ["--cached", "--name-only", "--no-renames", "--diff-filter=ACMT", "-z"];
  const files = (await git(["diff", ...changed])).split("\0").filter(Boolean);
  const texts: Text[] = [];
  for (const file of files) {
    // A submodule has no content of its own here.
    const [mode = ""] = (
      await git(["ls-files", "--stage", "--full-name", "-z", `:(top,literal)${file}`])
    ).split(" ");
    if (mode !== "160000") texts.push({ file, text: await git(["show", `:${file}`]) });
  }
  return texts;
}

/** Reads all, or one UserError about all that cannot be read: what was not searched is not free of tokens. */
async function read(files: readonly string[]): Promise<Text[]> {
  const texts = await Promise.allSettled(
    files.map(async (file) => ({ file, text: await readFile(file, "latin1") })),
  );
  const problems = texts.flatMap((one, at) => {
    if (one.status === "fulfilled") return [];
    const { code, message } = one.reason as NodeJS.ErrnoException;
    return [{ where: files[at] ?? "", got: code ?? message, need: "a file that can be read" }];
  });
  refuse("check-tokens: nothing was searched", problems);
  return texts.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

/**
 * `check-tokens FILE...` or `--staged`: join tokens and unlock keys in files, or in what git would commit, as
 * `file:line: kind` and never the token itself. Returns 1 when there is one, so that it can stand in a pre-commit hook.
 */
export async function checkTokens(
  files: readonly string[],
  options: CheckTokensOptions,
): Promise<number> {
  if (options.staged === files.length > 0)
    throw new UserError(
      `check-tokens: got ${options.staged ? "--staged and files" : "no file"}, need one or more files, or --staged alone`,
    );
  const texts = options.staged ? await staged() : await read(files);
  const found = texts.flatMap(({ file, text }) =>
    tokensIn(text).map((token): TokenFound & { file: string } => ({ file, ...token })),
  );
  if (options.json) console.log(JSON.stringify({ searched: texts.length, found }));
  for (const { file, line, kind } of found) report(`${file}:${line}: ${pc.red(kind)}`);
  const searched = `${texts.length} ${texts.length === 1 ? "file" : "files"} searched`;
  if (found.length === 0) {
    report(`${searched}, no join token and no unlock key`);
    return 0;
  }
  report(
    `${searched}, ${found.length} found; take it out, and rotate it if anybody could have read it (docker swarm join-token --rotate ROLE, docker swarm unlock-key --rotate)`,
  );
  return 1;
}
