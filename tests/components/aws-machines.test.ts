import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAwsMachines, prepareAws } from "../../stacks/aws-machines.ts";
import { devConfig } from "../support/fixtures.ts";
import { record } from "../support/mocks.ts";
import { StubProgram } from "../support/stub-program.ts";

const aws = { region: "eu-central-1", instanceType: "t4g.small", workers: "spot" };
const config = (changes = {}) => devConfig({ provider: "aws", aws: { ...aws, ...changes } });
const NOON = Date.parse("2026-01-31T12:00:00Z");

/** A Pulumi whose backend is somebody else's and has this of the stack. */
const pulumi = (state: object) =>
  new StubProgram("pulumi", `cat <<'E'\n${JSON.stringify(state)}\nE`);
const instance = {
  ...{ urn: "urn:pulumi:dev::swarm-lab::aws:ec2/instance:Instance::m1", custom: true },
  ...{ type: "aws:ec2/instance:Instance" },
  inputs: { tags: { "swarm-lab.begun": "2026-01-30T06:00:00Z" } },
};

describe("a lab on AWS", () => {
  beforeEach(() => {
    vi.stubEnv("SWARM_LAB_UNFINISHED", "aws");
    vi.stubEnv("PULUMI_BACKEND_URL", "https://backend.invalid");
  });
  afterEach(() => vi.unstubAllEnvs());

  const prepare = async (changes = {}, resources: readonly object[] = []) => {
    using _ = pulumi({ deployment: { resources } });
    const said: string[] = [];
    const wish = { stack: "dev", report: (line: string) => said.push(line), now: NOON };
    return { said, ground: await prepareAws(config(changes), wish) };
  };

  test("is refused before anything is made, unless it is known to be unfinished", async () => {
    vi.stubEnv("SWARM_LAB_UNFINISHED", "");
    await expect(prepare()).rejects.toThrow(
      /^swarm-lab:provider: got aws, need local: .*UNFINISHED/,
    );
  });

  test("says what it costs and until when, and then makes what the configuration asks for", async () => {
    const { said, ground } = await prepare({ disk: "30GiB" });
    expect(said.at(-2)).toMatch(
      /^at least 0\.025 USD an hour.* 3 x t4g\.small on demand, 2 x t4g\.small as spot, 5 x gp3/,
    );
    expect(said.at(-1)).toContain("until 2026-02-01T12:00:00Z");
    const { made, recording } = await record(() =>
      createAwsMachines(config({ disk: "30GiB" }), ground),
    );
    expect(Object.keys(made.machines)).toEqual(["m1", "m2", "m3", "w1", "w2"]);
    const of = (name: string) => recording.one(`nodes-${name}-instance`).inputs;
    for (const name of ["m1", "w1"])
      expect(of(name)).toMatchObject({
        instanceType: "t4g.small",
        rootBlockDevice: { volumeSize: 30 },
        tags: { "swarm-lab.expires": "2026-02-01T12:00:00Z" },
      });
    expect([of("m1"), of("w1")].map((inputs) => "instanceMarketOptions" in inputs)).toEqual([
      ...[false, true],
    ]);
    expect(recording.one("nodes-network-vpc").inputs.cidrBlock).toMatch(/\/21$/);
  });

  test("keeps its end at a later up, which changes no tag, and says when that is past", async () => {
    const later = await prepare({ lifetime: "48h" }, [instance]);
    const dated = { begun: "2026-01-30T06:00:00Z", expires: "2026-02-01T06:00:00Z" };
    expect(later.ground).toMatchObject({ lifetime: dated, warnings: [] });
    const { warnings } = (await prepare({}, [instance])).ground;
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("got 24h0m0s, and so an end at 2026-01-31T06:00:00Z");
  });
});
