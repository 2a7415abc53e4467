import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * A `go` that notes how it is called and makes files instead of compiling. Where `fail` exists, the call whose words
 * are in it fails and says what is on the lines after them.
 */
const SCRIPT = `#!/bin/sh
echo "$1 \${PWD##*/} GOFLAGS=$GOFLAGS" >> "$FAKE_GO/calls"
words=$(head -n 1 "$FAKE_GO/fail" 2>/dev/null)
case "$words" in ?*) case "$* in \${PWD##*/}" in *"$words"*)
  tail -n +2 "$FAKE_GO/fail" >&2
  exit 1 ;; esac ;; esac
case "$1 $2" in
  "mod download") echo "{\\"Dir\\": \\"$FAKE_GO/module\\"}" ;;
  "build "*)
    sleep 0.2
    while [ "$1" != -o ]; do shift; done
    echo built > "$2" ;;
esac
`;

export interface FakeGo {
  /** Where toolchains go. */
  readonly cache: string;
  /** The calls so far, one line each: verb, folder, GOFLAGS. */
  calls(verb?: string): Promise<string[]>;
  /** Makes the calls that contain `words` fail with what Go would say; without them none fails. */
  fail(words?: string, said?: string): Promise<void>;
  remove(): Promise<void>;
}

/** Puts a fake `go` first on PATH until it is removed. */
export async function fakeGo(): Promise<FakeGo> {
  const root = await mkdtemp(join(tmpdir(), "fake-go-"));
  const before = { ...process.env };
  await mkdir(join(root, "bin"));
  await writeFile(join(root, "bin", "go"), SCRIPT);
  await chmod(join(root, "bin", "go"), 0o755);
  await mkdir(join(root, "module"));
  for (const name of ["main.go", "go.mod"]) await writeFile(join(root, "module", name), "upstream");
  process.env.PATH = [join(root, "bin"), before.PATH].join(delimiter);
  process.env.FAKE_GO = root;
  return {
    cache: join(root, "cache"),
    async calls(verb = "") {
      const text = await readFile(join(root, "calls"), "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "" && line.startsWith(verb));
    },
    async fail(words = "", said = "") {
      await writeFile(join(root, "fail"), `${words}\n${said}\n`);
    },
    async remove() {
      process.env = before;
      await rm(root, { recursive: true, force: true });
    },
  };
}
