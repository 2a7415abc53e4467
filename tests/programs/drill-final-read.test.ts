import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { finalRead, removeWrites } from "../../scripts/drills/final-read.ts";
import { StubDocker } from "../support/stub-docker.ts";

const manager: NodeHandle = {
  name: "m2",
  role: "manager",
  zone: "a",
  address: "10.0.0.2",
  labels: {},
  connection: { kind: "container", container: "c-m2", engine: "unix:///nonexistent" },
};
const config = (name: string, data: string | undefined) => ({
  ID: `id-${name}`,
  Spec: {
    Name: name,
    Labels: { "swarm-lab.drill": "r1" },
    ...(data === undefined ? {} : { Data: data }),
  },
});
const of = (text: string) => Buffer.from(text).toString("base64");
/** Answers a list, and each request to delete with `said`; what was asked for is in the file `$0.asked`. */
const engine = (first: object, later: object = first, said = "") => `for last; do :; done
case $last in
*DELETE*) cat >"$0.asked"; printf %s '${said}';;
*) if [ -e "$0.asked" ]; then printf %s '${JSON.stringify(later)}'; else printf %s '${JSON.stringify(first)}'; fi
   printf '%s\\n' "$DRILL_FILTERS" >>"$0.filters";;
esac`;

let path: string | undefined;
beforeEach(() => {
  path = process.env.PATH;
});
afterEach(() => {
  process.env.PATH = path;
});

function stub(body: string): StubDocker {
  const docker = new StubDocker(body);
  process.env.PATH = docker.path;
  return docker;
}

describe("the final read", () => {
  test("is all writes of the run, with their data", async () => {
    using docker = stub(
      engine([config("a", of("a")), config("b", of("ü")), config("c", undefined)]),
    );
    expect(await finalRead(manager, "r1")).toEqual({
      manager: "m2",
      values: { a: "a", b: "ü", c: "" },
    });
    expect(docker.calls).toHaveLength(1);
    expect(docker.calls[0]?.slice(2, 9)).toEqual([
      "exec",
      "-i",
      "--env",
      "DRILL_FILTERS",
      "c-m2",
      "sh",
      "-euc",
    ]);
  });

  test("of a run that wrote nothing is empty, and not missing", async () => {
    using _ = stub(engine([]));
    expect(await finalRead(manager, "r1")).toEqual({ manager: "m2", values: {} });
  });

  test("fails, with the reason, where a manager does not answer in time", async () => {
    using _ = stub("echo 'curl: (22) The requested URL returned error: 503' >&2; exit 22");
    await expect(finalRead(manager, "r1", 0.1)).rejects.toThrow(
      /m2: reads the writes of r1: not within 0.1 s: curl: \(22\)/,
    );
  });

  test.each(['{"message":"no"}', "null"])("fails on what is no list: %s", async (text) => {
    using _ = stub(`echo '${text}'`);
    await expect(finalRead(manager, "r1")).rejects.toThrow(/it answered no list/);
  });
});

describe("the writes of a run", () => {
  const two = [config("a", of("a")), config("b", of("b"))];

  test("are removed all at once", async () => {
    using docker = stub(engine(two, []));
    expect(await removeWrites(manager, "r1")).toBe(2);
    expect(docker.calls).toHaveLength(3);
  });

  test("are none where there are none", async () => {
    using docker = stub(engine([]));
    expect(await removeWrites(manager, "r1")).toBe(0);
    expect(docker.calls).toHaveLength(1);
  });

  test("that remain are an error, with what the engine said", async () => {
    using _ = stub(engine(two, [config("b", of("b"))], "config id-b is in use"));
    await expect(removeWrites(manager, "r1")).rejects.toThrow(
      /m2: .* 1 of 2 remain: config id-b is in use/,
    );
  });
});
