import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AFTER_LEAVING } from "../../scripts/swarm/join.ts";

describe("a node that left a swarm joins", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-lab-join-"));
    mkdirSync(join(folder, "swarm"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the script where the engine gives these answers one after another, the last one for ever. */
  async function wait(answers: readonly string[]) {
    const curl = `#!/bin/sh
cd ${folder}
echo asked >>asked
sed -n "$(wc -l <asked)p" answers | grep . || tail -n 1 answers
`;
    writeFileSync(join(folder, "answers"), `${answers.join("\n")}\n`);
    writeFileSync(join(folder, "asked"), "");
    writeFileSync(join(folder, "curl"), curl);
    chmodSync(join(folder, "curl"), 0o755);
    const script = AFTER_LEAVING.replaceAll("/var/lib/docker/swarm", join(folder, "swarm"));
    const { exitCode, stderr } = await x("sh", ["-euc", script.replace("-lt 300", "-lt 5")], {
      nodeOptions: { env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } },
    });
    const asked = readFileSync(join(folder, "asked"), "utf8").split("\n").length - 1;
    return { exitCode, stderr, asked };
  }

  test("when its networks are gone", async () => {
    const there = '[{"Name":"app"}]';
    expect(await wait([there, there, "[]"])).toMatchObject({ exitCode: 0, asked: 3 });
    expect(await wait(["[]"])).toMatchObject({ exitCode: 0, asked: 1 });
  });

  test("never, when they stay: it says what to do", async () => {
    const { exitCode, stderr, asked } = await wait(['[{"Name":"app"}]']);
    expect({ exitCode, asked }).toEqual({ exitCode: 1, asked: 5 });
    expect(stderr).toContain(
      "networks of the swarm that it left are still there; restart its engine",
    );
  });

  test("and one that is a member is not asked", async () => {
    writeFileSync(join(folder, "swarm", "docker-state.json"), "{}");
    expect(await wait(['[{"Name":"app"}]'])).toMatchObject({ exitCode: 0, asked: 0 });
  });
});
