import { describe, expect, test } from "vitest";
import { pinnedImages, pinnedServiceImages } from "../../policies/images.ts";
import { labelled } from "../../policies/labels.ts";
import { Marked, UNKNOWN } from "../../policies/policy.ts";
import { resource } from "./policy-support.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;
const FLOATING = ["nginx", "nginx:latest", "registry.example.com:5000/nginx"];
const PINNED = ["nginx:1.27", `nginx@${DIGEST}`, `nginx:latest@${DIGEST}`, DIGEST];

const containerOf = (image: unknown) => resource("docker:index/container:Container", { image });
const pulled = (name: unknown) => resource("docker:index/remoteImage:RemoteImage", { name });
const serviceOf = (image: unknown) =>
  resource("docker:index/service:Service", { taskSpec: { containerSpec: { image } } });

describe("pinned-images", () => {
  test.each(FLOATING)("refuses %s for a container, and for an image to be pulled", (image) => {
    const [problem] = pinnedImages.judge(containerOf(image));
    expect(problem).toMatchObject({ where: "one.image", got: `"${image}"` });
    expect(pinnedImages.judge(pulled(image))).toHaveLength(1);
    expect(pinnedImages.judge(containerOf(new Marked(image)))).toHaveLength(1);
  });

  test.each([...PINNED, UNKNOWN])("allows %s", (image) => {
    expect(pinnedImages.judge(containerOf(image))).toEqual([]);
    expect(pinnedServiceImages.judge(serviceOf(image))).toEqual([]);
  });

  test("only warns of a service's, as the configuration does", () => {
    expect([pinnedImages.level, pinnedServiceImages.level]).toEqual(["mandatory", "advisory"]);
    expect(pinnedServiceImages.judge(serviceOf("nginx"))).toHaveLength(1);
    expect(pinnedImages.judge(serviceOf("nginx"))).toEqual([]);
  });
});

describe("labelled", () => {
  const got = (type: string, inputs = {}) =>
    labelled.judge(resource(type, inputs)).map((each) => each.got);
  const OURS = { labels: [{ label: "swarm-lab.lab", value: "dev" }] };

  test.each(["container", "network", "volume", "service", "secret", "serviceConfig"])(
    "wants the lab's label on a Docker %s",
    (kind) => {
      const type = `docker:index/${kind}:${kind}`;
      expect(got(type, OURS)).toEqual([]);
      expect(got(type)).toEqual(["no labels"]);
      const others = { labels: [{ label: "team", value: "blue" }] };
      expect(got(type, others)).toEqual(["labels without swarm-lab.lab"]);
      expect(got(type, { labels: [{ label: "swarm-lab.lab", value: UNKNOWN }] })).toEqual([]);
    },
  );

  test.each([
    ...[
      "aws:ec2/instance:Instance",
      "aws:ec2/vpc:Vpc",
      "aws:iam/role:Role",
      "aws:iam/policy:Policy",
    ],
    ...["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:s3/bucketObject:BucketObject"],
    ...["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:lb/listener:Listener"],
  ])("wants the lab's tag on %s", (type) => {
    expect(got(type, { tags: { "swarm-lab.lab": "dev" } })).toEqual([]);
    expect(got(type)).toEqual(["no tags"]);
    expect(got(type, { tags: { Name: "dev-m1" } })).toEqual(["tags without swarm-lab.lab"]);
    expect(got(type, { tags: UNKNOWN })).toEqual([]);
    expect(got(type, { tags: { "swarm-lab.lab": UNKNOWN } })).toEqual([]);
  });

  test.each([
    ...["aws:ec2/route:Route", "aws:iam/rolePolicy:RolePolicy", "pulumi:providers:aws"],
    ...["aws:s3/bucketObjectLockConfiguration:X", "aws:s3/bucketPublicAccessBlock:X"],
    ...["aws:ec2/routeTableAssociation:RouteTableAssociation", "command:local:Command"],
    ...["docker:index/remoteImage:RemoteImage", "swarm-lab:nodes:AwsNodes"],
  ])("wants nothing of %s, which takes none", (type) => {
    expect(got(type)).toEqual([]);
  });
});
