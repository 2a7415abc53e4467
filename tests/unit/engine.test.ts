import { describe, expect, test } from "vitest";
import { UserError } from "../../components/errors.ts";
import { resolveEngine } from "../../components/nodes/local/engine.ts";
import { StubDocker } from "../support/stub-docker.ts";

/** Runs `look` with a docker client that answers as `body` says. */
async function withDocker<T>(body: string, look: () => Promise<T>): Promise<T> {
  using docker = new StubDocker(body);
  return await withPath(docker.path, look);
}

async function withPath<T>(path: string, look: () => Promise<T>): Promise<T> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    return await look();
  } finally {
    process.env.PATH = before;
  }
}

const CONTEXT = "unix:///home/me/.docker/desktop.sock";
const answer = `echo ${CONTEXT}`;

describe("the engine is", () => {
  test.each([
    [
      "the lab's own setting",
      { SWARM_LAB_ENGINE: "unix:///a", DOCKER_HOST: "unix:///b" },
      "unix:///a",
    ],
    ["what docker itself would use", { DOCKER_HOST: "unix:///b" }, "unix:///b"],
    ["that of the current context", {}, CONTEXT],
    [
      "that of the current context when the settings are empty",
      { SWARM_LAB_ENGINE: "", DOCKER_HOST: "" },
      CONTEXT,
    ],
  ])("%s", async (_, env, engine) => {
    expect(await withDocker(answer, () => resolveEngine(env))).toBe(engine);
  });

  test("the usual socket when the client knows no contexts", async () => {
    const silent = () => resolveEngine({});
    expect(await withDocker("exit 1", silent)).toBe("unix:///var/run/docker.sock");
    expect(await withDocker("echo", silent)).toBe("unix:///var/run/docker.sock");
  });
});

test("without a docker client a person is told what to install, and sees no stack", async () => {
  const looking = withPath("/nonexistent", () => resolveEngine({}));
  await expect(looking).rejects.toThrow(UserError);
});
