import { afterEach, describe, expect, test, vi } from "vitest";
import { createAwsMachines } from "../../stacks/aws-machines.ts";
import { devConfig } from "../support/fixtures.ts";
import { record } from "../support/mocks.ts";

const aws = { region: "eu-central-1", instanceType: "t4g.small", workers: "spot" };
const config = (changes = {}) => devConfig({ provider: "aws", aws: { ...aws, ...changes } });

describe("a lab on AWS", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("is refused before anything is made, unless it is known to be unfinished", () => {
    expect(() => createAwsMachines(config(), () => undefined)).toThrow(
      /^swarm-lab:provider: got aws, need local: .*UNFINISHED/,
    );
  });

  test("says what it costs, and then makes what the configuration asks for", async () => {
    vi.stubEnv("SWARM_LAB_UNFINISHED", "aws");
    const said: string[] = [];
    const { made, recording } = await record(() =>
      createAwsMachines(config({ disk: "30GiB" }), (line) => said.push(line)),
    );
    expect(said.at(-1)).toMatch(
      /^at least 0\.025 USD an hour.* 3 x t4g\.small on demand, 2 x t4g\.small as spot, 5 x gp3/,
    );
    expect(Object.keys(made.machines)).toEqual(["m1", "m2", "m3", "w1", "w2"]);
    const of = (name: string) => recording.one(`nodes-${name}-instance`).inputs;
    for (const name of ["m1", "w1"])
      expect(of(name)).toMatchObject({
        instanceType: "t4g.small",
        rootBlockDevice: { volumeSize: 30 },
      });
    expect([of("m1"), of("w1")].map((inputs) => "instanceMarketOptions" in inputs)).toEqual([
      ...[false, true],
    ]);
    expect(recording.one("nodes-network-vpc").inputs.cidrBlock).toMatch(/\/21$/);
  });
});
