import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { registryBucketName } from "../../components/nodes/aws/names.ts";
import type { entrancesOf } from "../../stacks/aws-front.ts";
import { type AwsGround, prepareAws } from "../../stacks/aws-ground.ts";
import { createOnAws } from "../../stacks/aws-machines.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { prepare as prepareLab } from "../../stacks/provide.ts";
import { credentials } from "../support/component-args.ts";
import { devConfig, ENGINE, ROOT } from "../support/fixtures.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { StubProgram } from "../support/stub-program.ts";

const aws = { region: "eu-central-1", instanceType: "t4g.small", workers: "spot" };
const config = (changes = {}) => devConfig({ provider: "aws", aws: { ...aws, ...changes } });
const create = (given: LabConfig, ground: AwsGround) =>
  createOnAws(given, { ...ground, engine: ENGINE }, { credentials: credentials(), needs: [] }, {});
const NOON = Date.parse("2026-01-31T12:00:00Z");

/** A Pulumi whose backend is somebody else's and has this of the stack. */
const pulumi = (state: object) =>
  new StubProgram("pulumi", `cat <<'E'\n${JSON.stringify(state)}\nE`);
const instance = (node: string) => ({
  ...{ urn: `urn:pulumi:dev::swarm-lab::aws:ec2/instance:Instance::${node}`, custom: true },
  ...{ type: "aws:ec2/instance:Instance" },
  inputs: { tags: { "swarm-lab.begun": "2026-01-30T06:00:00Z", "swarm-lab.node": node } },
});
const STANDING = ["m1", "m2", "m3", "w1", "w2"].map(instance);

const ANSWERS = {
  "sts get-caller-identity": { Account: "111122223333" },
  "ec2 describe-availability-zones": {
    AvailabilityZones: ["a", "b", "c"].map((zone) => ({
      ...{ ZoneName: `eu-central-1${zone}`, State: "available" },
    })),
  },
  "ec2 describe-instance-type-offerings": {
    InstanceTypeOfferings: ["a", "b", "c"].map((zone) => ({ Location: `eu-central-1${zone}` })),
  },
  "ec2 describe-instance-types": {
    InstanceTypes: [
      {
        VCpuInfo: { DefaultVCpus: 2 },
        ProcessorInfo: { SupportedArchitectures: ["arm64"] },
        SupportedUsageClasses: ["on-demand", "spot"],
      },
    ],
  },
  "ec2 describe-addresses": { Addresses: [] },
  "ec2 describe-vpcs": { Vpcs: [] },
  "ec2 describe-instances": { Reservations: [] },
  "ssm get-parameter": { Parameter: { Value: "ami-1" } },
  "service-quotas get-service-quota": { Quota: { Value: 32 } },
};
const refused = (code: string) =>
  `echo 'An error occurred (${code}) when calling the Ask operation: no' >&2; exit 254`;

/** An `aws` of an account that can have the lab, with what is answered otherwise, in shell. */
const account = (others: Readonly<Record<string, string>> = {}) => {
  const good = Object.entries(ANSWERS).map(
    ([words, answer]) => [words, `echo '${JSON.stringify(answer)}'`] as const,
  );
  const cases = Object.entries({ ...Object.fromEntries(good), ...others });
  const body = cases.map(([words, shell]) => `"${words}") ${shell} ;;`).join("\n");
  return new StubProgram("aws", `case "$1 $2" in\n${body}\nesac`);
};

describe("a lab on AWS", () => {
  beforeEach(() => {
    vi.stubEnv("SWARM_LAB_UNFINISHED", "aws");
    vi.stubEnv("PULUMI_BACKEND_URL", "https://backend.invalid");
  });
  afterEach(() => vi.unstubAllEnvs());

  const prepare = async (
    changes: object = {},
    resources: readonly object[] = [],
    others: Readonly<Record<string, string>> = {},
    plugin = "echo 1.2.553.0",
  ) => {
    using _ = pulumi({ deployment: { resources } });
    using aws = account(others);
    using _plugin = new StubProgram("session-manager-plugin", plugin);
    const said: string[] = [];
    const wish = { stack: "dev", report: (line: string) => said.push(line), now: NOON };
    const ground = await prepareAws(config(changes), wish);
    return { said, ground, asked: aws.calls };
  };

  test("is refused before anything is made, unless it is known to be unfinished", async () => {
    vi.stubEnv("SWARM_LAB_UNFINISHED", "");
    const asked = prepareLab(config(), { root: ROOT, stack: "dev", report: () => undefined });
    await expect(asked).rejects.toThrow(/^swarm-lab:provider: got aws, need local: .*UNFINISHED/);
  });

  test("is refused where its instances could not be reached, even when they all stand", async () => {
    const without = (changes: object) => prepare(changes, STANDING, {}, "exit 127");
    await expect(without({})).rejects.toThrow(
      /^this machine could not reach the instances; nothing was changed\n {2}- session-manager-plugin: got none on PATH, and SSH that is closed/,
    );
    expect((await without({ ssh: "192.0.2.7/32" })).asked).toEqual([]);
  });

  test("says what it costs and until when, and then makes what the configuration asks for", async () => {
    const { said, ground } = await prepare({ disk: "30GiB" });
    expect(said.at(-2)).toMatch(
      /^at least 0\.025 USD an hour.* 3 x t4g\.small on demand, 2 x t4g\.small as spot, 5 x gp3/,
    );
    expect(said.at(-1)).toContain("until 2026-02-01T12:00:00Z");
    const { made, recording } = await record(() => create(config({ disk: "30GiB" }), ground));
    expect(Object.keys(made.outputs.machines ?? {})).toEqual(["m1", "m2", "m3", "w1", "w2"]);
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

  test("has in front of it what the configuration asks for, asks the account for that, and tells where it is", async () => {
    const loadBalancer = { clients: "192.0.2.0/24", registry: true };
    const { said, ground, asked } = await prepare({ loadBalancer }, [], {
      "elbv2 describe-load-balancers": `echo '{"LoadBalancers": []}'`,
    });
    expect(asked.some((call) => call.includes("L-69A177A2"))).toBe(true);
    expect(said.at(-2)).toContain("1 x network load balancer");
    expect(said.join("\n")).toContain("8 x public IPv4 address");
    const { made } = await record(() => create(config({ loadBalancer }), ground));
    const { apps, registry } = made.outputs.entrances as ReturnType<typeof entrancesOf>;
    const host = "nodes-front-balancer.example";
    expect(await promiseOf(apps)).toEqual({
      app: [expect.stringMatching(new RegExp(`^http://${host}:2\\d{4}$`))],
    });
    expect(registry && (await promiseOf(registry))).toBe(`${host}:5000`);
    const without = await prepare({});
    expect(without.asked.join("\n")).not.toMatch(/elbv2|L-69A177A2/);
    const { made: plain } = await record(() => create(config(), without.ground));
    expect(Object.keys(plain.outputs)).toEqual(["machines"]);
  });

  test("keeps its end at a later up, which changes no tag, and says when that is past", async () => {
    const later = await prepare({ lifetime: "48h" }, STANDING);
    const dated = { begun: "2026-01-30T06:00:00Z", expires: "2026-02-01T06:00:00Z" };
    expect(later.ground).toMatchObject({ lifetime: dated, warnings: [] });
    const { warnings } = (await prepare({}, STANDING)).ground;
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("got 24h0m0s, and so an end at 2026-01-31T06:00:00Z");
  });

  test("asks the account of its region whether it can have what is to be made, and nothing once that stands", async () => {
    const { asked, ground } = await prepare({ lifetime: "48h" }, STANDING.slice(1));
    expect(ground.warnings).toEqual([]);
    const words = asked.map((call) => call.split("\n").slice(0, 2).join(" "));
    expect([...new Set(words)].sort()).toEqual(Object.keys(ANSWERS).sort());
    for (const call of asked) expect(call).toContain("--region\neu-central-1\n");
    expect(asked.join("\n")).toContain("/aws/service/debian/release/13/latest/arm64\n");
    expect((await prepare({}, STANDING)).asked).toEqual([]);
  });

  test("is refused with every reason of the account's, and warned of what that may not be asked", async () => {
    const zones = JSON.stringify({
      AvailabilityZones: [{ ZoneName: "eu-central-1a", State: "available" }],
    });
    await expect(
      prepare({}, [], {
        "ec2 describe-availability-zones": `echo '${zones}'`,
        "ssm get-parameter": refused("ParameterNotFound"),
      }),
    ).rejects.toThrow(
      /^the AWS account 111122223333 cannot have this lab; nothing was changed\n {2}- swarm-lab:zones\[1\]: .*\n {2}- swarm-lab:zones\[2\]: .*\n {2}- swarm-lab:aws.region: .*$/,
    );
    const { warnings } = (
      await prepare({}, [], {
        "service-quotas get-service-quota": refused("AccessDeniedException"),
        "ec2 describe-vpcs": "echo '[]'",
      })
    ).ground;
    expect(warnings.map((line) => line.split("`")[1]).sort()).toEqual([
      ...["aws ec2 describe-vpcs", "aws service-quotas get-service-quota"],
    ]);
  });

  test("is refused where AWS has no answer for another reason", async () => {
    await expect(
      prepare({}, [], { "ec2 describe-vpcs": refused("RequestLimitExceeded") }),
    ).rejects.toThrow(/^the preflight: AWS: got more requests than it takes at a time/);
    await expect(
      prepare({}, [], {
        "sts get-caller-identity": "echo 'Unable to locate credentials' >&2; exit 253",
      }),
    ).rejects.toThrow(/^the preflight: the credentials for AWS: got none/);
  });

  describe("with a registry on S3", () => {
    const registry = { storage: "s3", replicas: 2 };
    const prepareOn = async (answer: string, resources: readonly object[] = [], more = {}) => {
      using _ = pulumi({ deployment: { resources } });
      using stub = account({ "s3api head-bucket": answer });
      using _plugin = new StubProgram("session-manager-plugin", "echo 1.2.553.0");
      const given = devConfig({ provider: "aws", aws, registry: { ...registry, ...more } });
      const wish = { stack: "dev", report: () => {}, now: NOON };
      return { given, ground: await prepareAws(given, wish), asked: stub.calls };
    };

    test("makes a bucket that its name, region and account decide, for its two nodes alone", async () => {
      const { given, ground } = await prepareOn(refused("404"));
      const bucket = registryBucketName("dev", "eu-central-1", "111122223333");
      expect(ground.registryBucket).toBe(bucket);
      const { recording } = await record(() => create(given, ground));
      expect(recording.one("registry-images-bucket").inputs).toMatchObject({
        ...{ bucket, forceDestroy: true },
        tags: { "swarm-lab.lab": "dev", "swarm-lab.expires": ground.lifetime.expires },
      });
      const own = recording
        .ofType("aws:ec2/instance:Instance")
        .filter(({ inputs }) => String(inputs.iamInstanceProfile).includes("holders"));
      expect(own.map(({ name }) => name)).toEqual(["nodes-w1-instance", "nodes-w2-instance"]);
    });

    test("refuses a bucket that is there, as it would go with the lab, unless it is on record", async () => {
      const bucket = "images-of-mine";
      await expect(prepareOn("echo '{}'", [], { bucket })).rejects.toThrow(
        "swarm-lab:registry.bucket: got images-of-mine, a bucket that is there already, need one that is the lab's alone: it is deleted with the lab, and all in it; choose another name",
      );
      const type = "aws:s3/bucket:Bucket";
      const recorded = (tags: object) => ({
        ...{ urn: `urn:pulumi:dev::swarm-lab::${type}::b`, type, custom: true },
        inputs: { bucket, tags },
      });
      const on = (tags: object, answer: string) =>
        prepareOn(answer, [...STANDING, recorded(tags)], { bucket });
      expect((await on({}, "exit 1")).ground.registryBucket).toBe(bucket);
      // One of the backups is not the registry's, although it is on record.
      await expect(on({ "swarm-lab.kept": "backups" }, "echo '{}'")).rejects.toThrow(
        "a bucket that is there already",
      );
    });
  });

  describe("with a bucket for backups", () => {
    const bucket = { name: "dev-backups-111122223333", oldVersionDays: 9 };
    const make = async (resources: readonly object[], answer: string) => {
      const others = { "s3api head-bucket": answer };
      const { ground, said, asked } = await prepare({ bucket }, resources, others);
      const { made, recording } = await record(() => create(config({ bucket }), ground));
      const buckets = recording.ofType("aws:s3/bucket:Bucket").map(({ inputs }) => inputs.bucket);
      return { made, buckets, said, asked, recording };
    };
    const none = refused("404");

    test("makes it where there is none of the name", async () => {
      const { buckets, asked, recording } = await make([], none);
      expect(buckets).toEqual([bucket.name]);
      expect(recording.one("backups-lifecycle").inputs.rules).toMatchObject([
        { noncurrentVersionExpiration: { noncurrentDays: 9 } },
      ]);
      const heads = asked.filter((call) => call.startsWith("s3api\nhead-bucket\n"));
      expect(heads.map((call) => call.split("\n")[3])).toEqual([bucket.name]);
    });

    test("keeps one that is on its record, and asks nobody", async () => {
      const type = "aws:s3/bucket:Bucket";
      const recorded = { urn: `urn:pulumi:dev::swarm-lab::${type}::b`, type, custom: true };
      const { buckets, asked } = await make(
        [...STANDING, { ...recorded, inputs: { bucket: bucket.name } }],
        "exit 1",
      );
      expect({ buckets, asked }).toEqual({ buckets: [bucket.name], asked: [] });
    });

    test("uses one that is there as it is, such as an earlier lab's, and says so", async () => {
      const { made, buckets, said } = await make(STANDING, "echo '{}'");
      expect(buckets).toEqual([]);
      expect(made.outputs.bucket).toBe(bucket.name);
      expect(said).toContain(`the bucket ${bucket.name} is there already, and is used as it is`);
    });

    test("is refused where AWS does not tell whether it is there", async () => {
      await expect(make([], refused("SlowDown"))).rejects.toThrow(
        /^the preflight: aws s3api head-bucket: got ".*SlowDown.*", need an answer of AWS/,
      );
    });

    test("is refused where somebody else has the name", async () => {
      await expect(make([], refused("403"))).rejects.toThrow(
        `swarm-lab:aws.bucket.name: got ${bucket.name}, a bucket that these credentials may not reach, need a name that nobody has`,
      );
    });
  });
});
