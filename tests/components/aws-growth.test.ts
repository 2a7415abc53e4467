import { expect, test } from "vitest";
import { AwsNodes } from "../../components/nodes/aws/nodes.ts";
import { planPlacement } from "../../components/nodes/aws/placement.ts";
import { ARGS } from "../support/component-args.ts";
import { devConfig } from "../support/fixtures.ts";
import { record } from "../support/mocks.ts";

async function labOf(managers: number, workers: number) {
  const wish = { ...devConfig(), managers, workers };
  const placement = planPlacement({ ...wish, region: "eu-central-1", subnet: "10.20.0.0/16" });
  return (await record(() => new AwsNodes("n", { ...ARGS.AwsNodes(), placement }))).recording;
}

test.each([
  [3, 2, 5, 4],
  [1, 1, 7, 10],
])(
  "a lab on AWS of %i and %i nodes that grows to %i and %i changes nothing that stands",
  async (managers, workers, more, others) => {
    const before = await labOf(managers, workers);
    const after = await labOf(more, others);
    const instances = after.ofType("aws:ec2/instance:Instance");
    expect(instances).toHaveLength(more + others);
    for (const { name, type, inputs, options } of before.custom) {
      const same = after.one(name, type);
      expect(same.inputs, name).toEqual(inputs);
      expect(same.options.dependencies.toSorted(), name).toEqual(options.dependencies.toSorted());
    }
  },
);
