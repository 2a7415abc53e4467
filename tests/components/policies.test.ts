import { describe, expect, test } from "vitest";
import type { PolicyResource } from "../../policies/policy.ts";
import { buildOnAws as build, buildLab, buildOnHosts, HOSTS } from "../support/fixtures.ts";
import { judged, policyResources } from "../support/judged.ts";
import { record } from "../support/mocks.ts";

/** A lab on AWS with all that the configuration can ask of it. */
const buildOnAws = (changes: object = {}, settings: object = {}) =>
  build(
    { ssh: "192.0.2.7/32", bucket: { name: "lab-backups-111122223333" }, ...changes },
    settings,
  );

const LABS = {
  "the dev lab": () => buildLab(),
  "a lab with every secret that a configuration can give": () =>
    buildLab({
      secrets: {
        "app-token": { generate: { length: 32, version: 1 } },
        given: { value: "CONFIGURED-SECRET" },
      },
      registry: { enabled: true, username: "lab", password: "CONFIGURED-PASSWORD" },
      swarm: { autolock: true },
    }),
  "a lab on hosts": () => buildOnHosts(),
  "a lab on AWS": () => buildOnAws(),
  "a lab on AWS behind a load balancer, its registry on S3": () =>
    buildOnAws(
      { loadBalancer: { clients: "192.0.2.0/24", everybody: ["app.8080"], registry: true } },
      { registry: { storage: "s3", replicas: 2 } },
    ),
  "a lab of spot instances on AWS": () => buildOnAws({ workers: "spot", ssh: "closed" }),
};

const resourcesOf = async (build: () => unknown, preview = false) =>
  policyResources((await record(build, { preview })).recording);

describe("the policy pack", () => {
  describe.each(Object.entries(LABS))("of %s", (_, build) => {
    test.each([
      ["a preview", true],
      ["an up", false],
    ])("has nothing to say at %s", async (_, preview) => {
      const resources = await resourcesOf(build, preview);
      expect(resources.length).toBeGreaterThan(30);
      expect(judged(resources)).toEqual([]);
    });
  });

  test("only says that a lab in one zone loses its quorum with it", async () => {
    const said = "[advisory] enough-zones: zone a: got 3 of 3 managers (m1, m2, m3)";
    for (const build of [() => buildLab({ zones: ["a"] }), () => buildOnAws({}, { zones: ["a"] })])
      expect(judged(await resourcesOf(build))).toEqual([expect.stringContaining(said)]);
  });

  test("refuses hosts in three zones of which one has most managers", async () => {
    const hosts = HOSTS.map((host) => (host.name === "m2" ? { ...host, zone: "a" } : host));
    const zones = await resourcesOf(() => buildOnHosts(hosts));
    expect(judged(zones)).toEqual([
      expect.stringContaining("[mandatory] managers-over-zones: zone a: got 2 of 3 managers"),
    ]);
  });
});

/** The same resources with a change made to the inputs of one kind of them. */
const changed = (
  resources: readonly PolicyResource[],
  type: string,
  change: (inputs: PolicyResource["inputs"]) => object,
) =>
  resources.map((each) =>
    each.type === type
      ? { ...each, inputs: change(each.inputs) as PolicyResource["inputs"] }
      : each,
  );

describe("the policy pack sees in a lab on AWS", () => {
  const INSTANCE = "aws:ec2/instance:Instance";
  test.each<[string, string, (inputs: PolicyResource["inputs"]) => object, string]>([
    [
      "a way in from everywhere",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      (inputs) => ({ ...inputs, cidrIpv4: "0.0.0.0/0" }),
      "[mandatory] closed-ports: nodes-firewall-",
    ],
    [
      "a disk that is not encrypted",
      INSTANCE,
      (inputs) => ({ ...inputs, rootBlockDevice: { volumeType: "gp3" } }),
      "[mandatory] encrypted-disks: nodes-m1-instance.rootBlockDevice",
    ],
    [
      "a join token in the user data",
      INSTANCE,
      (inputs) => ({ ...inputs, userData: `token: SWMTKN-1-${"a".repeat(50)}-${"b".repeat(25)}` }),
      "[mandatory] plain-text-secrets: nodes-m1-instance.userData",
    ],
    [
      "an instance of nobody",
      INSTANCE,
      ({ tags: _, ...inputs }) => inputs,
      "[mandatory] labelled: nodes-m1-instance: got no tags",
    ],
    [
      "an open door of the bucket",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      (inputs) => ({ ...inputs, blockPublicPolicy: false }),
      "[mandatory] closed-buckets: backups-bucket: got blockPublicPolicy not true",
    ],
    [
      "a bucket without encryption",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      (inputs) => ({ ...inputs, rules: [] }),
      "[mandatory] encrypted-buckets: backups-bucket",
    ],
  ])("%s", async (_, type, change, said) => {
    for (const preview of [true, false]) {
      const resources = await resourcesOf(() => buildOnAws(), preview);
      expect(judged(changed(resources, type, change)).join("\n")).toContain(said);
    }
  });
});
