import { expect, test } from "vitest";
import { architectureOf, imageParameter } from "../../components/nodes/aws/machine-image.ts";
import { agentPackage } from "../../components/nodes/aws/session-manager.ts";

test.each([
  ["t3.small", "amd64"],
  ["t3a.medium", "amd64"],
  ["m7i-flex.large", "amd64"],
  ["g4dn.xlarge", "amd64"],
  ["c5n.large", "amd64"],
  ["t4g.small", "arm64"],
  ["m7gd.large", "arm64"],
  ["im4gn.large", "arm64"],
  ["is4gen.medium", "arm64"],
  ["g5g.xlarge", "arm64"],
  ["a1.medium", "arm64"],
])("an instance of type %s is %s", (type, architecture) => {
  expect(architectureOf(type)).toBe(architecture);
});

test("an instance starts from Debian 13 of its architecture", () => {
  expect(imageParameter("arm64")).toBe("/aws/service/debian/release/13/latest/arm64");
});

test.each([
  ["us-east-2", "https://s3.us-east-2.amazonaws.com/amazon-ssm-us-east-2/latest/debian_amd64"],
  [
    "cn-north-1",
    "https://s3.cn-north-1.amazonaws.com.cn/amazon-ssm-cn-north-1/latest/debian_amd64",
  ],
])("the agent of Session Manager comes from the bucket of %s", (region, folder) => {
  expect(agentPackage(region, "amd64")).toBe(`${folder}/amazon-ssm-agent.deb`);
});
