/** The end of a lab on AWS, against programs that answer as `aws`, `pulumi` and `docker` would. */
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { confirmGone } from "../../scripts/cli/aws-leftovers.ts";
import { awsRecord, configuredRegion, regionAsked } from "../../scripts/cli/aws-record.ts";
import { stackFolder } from "../../scripts/cli/paths.ts";
import { removeLab } from "../../scripts/cli/remove.ts";
import { parseState } from "../../scripts/cli/state.ts";
import { StubProgram } from "../support/stub-program.ts";

const ACCOUNT = "111122223333";
const region = "eu-central-1";
const VPC = { ResourceARN: `arn:aws:ec2:${region}:${ACCOUNT}:vpc/vpc-1`, Tags: [] };

const kept = (ResourceARN: string) => ({
  ResourceARN,
  Tags: [{ Key: "swarm-lab.kept", Value: "backups" }],
});

/** An `aws` with one VPC that is there for the first `times` times that it is asked for, and `always` what else it has. */
function aws(times: number, account = ACCOUNT, always: readonly object[] = []) {
  const list = JSON.stringify({ ResourceTagMappingList: [VPC, ...always] });
  const rest = JSON.stringify({ ResourceTagMappingList: always });
  return new StubProgram(
    "aws",
    `case "$1" in
sts) echo '{"Account":"${account}"}' ;;
resourcegroupstaggingapi) [ "$(grep -c get-resources "$(dirname "$0")/calls")" -gt ${times} ] && echo '${rest}' || echo '${list}' ;;
iam) [ "$2" = list-roles ] && echo '{"Roles":[]}' || echo '{"InstanceProfiles":[]}' ;;
esac`,
  );
}

const site = { lab: "dev", region, accounts: [ACCOUNT] };
let told: readonly string[] = [];
const confirm = (destroyed: boolean) => {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  return confirmGone(site, { destroyed, say, interval: 0.05 }).finally(() => {
    told = said;
  });
};

describe("what is left of a lab on AWS", () => {
  test("is asked for by the lab's tag and path, in its region, and nothing is changed", async () => {
    using stub = aws(0);
    expect(await confirm(false)).toBe(ACCOUNT);
    const words = stub.calls.map((call) => call.split("\n").slice(0, 2).join(" ")).sort();
    expect(words).toEqual([
      ...["ec2 describe-instances", "iam list-instance-profiles", "iam list-roles"],
      ...["resourcegroupstaggingapi get-resources", "sts get-caller-identity"],
    ]);
    for (const call of stub.calls) expect(call).toContain(`--region\n${region}`);
    const said = stub.calls.join("\n");
    expect(said).toContain("--tag-filters\nKey=swarm-lab.lab,Values=dev\n");
    expect(said).toContain("--filters\nName=tag:swarm-lab.lab,Values=dev\n");
    expect(said).toContain("--path-prefix\n/swarm-lab/dev/\n");
  });

  test("is waited for once the lab was destroyed, as AWS's lists lag behind", async () => {
    using stub = aws(2);
    expect(await confirm(true)).toBe(ACCOUNT);
    expect(stub.calls.filter((call) => call.includes("get-resources"))).toHaveLength(3);
  });

  test("is no bucket of backups, which is told of, but anything else that says that it is kept", async () => {
    using _ = aws(0, ACCOUNT, [kept("arn:aws:s3:::dev-backups")]);
    expect(await confirm(true)).toBe(ACCOUNT);
    expect(told).toContain(
      "kept on AWS: the bucket dev-backups with the backups of the lab, until you delete it",
    );
    using __ = aws(0, ACCOUNT, [kept(VPC.ResourceARN)]);
    await expect(confirm(false)).rejects.toThrow("  - vpc vpc-1: aws ec2 delete-vpc");
    using ___ = aws(0, ACCOUNT, [{ ResourceARN: "arn:aws:s3:::other", Tags: [] }]);
    await expect(confirm(false)).rejects.toThrow("  - s3 other: aws s3 rb s3://other --force");
  });

  test("is told with what to do", async () => {
    using stub = aws(99);
    await expect(confirm(false)).rejects.toThrow(
      `down: 1 thing tagged swarm-lab.lab=dev remains in ${region} (AWS account ${ACCOUNT}); instances, addresses and disks are paid for while they are there\n  - vpc vpc-1: aws ec2 delete-vpc --vpc-id vpc-1 --region eu-central-1\nrun \`npm run down\` again`,
    );
    expect(stub.calls.filter((call) => call.includes("get-resources"))).toHaveLength(1);
  });

  test("is not looked for in another account, where nothing of it would be found", async () => {
    using stub = aws(0, "444455556666");
    await expect(confirm(true)).rejects.toThrow(
      `down: got credentials of the AWS account 444455556666, need those of ${ACCOUNT}, where the lab is`,
    );
    expect(stub.calls).toHaveLength(1);
  });

  test("is not known where nobody can be asked", async () => {
    using _ = new StubProgram("aws", "echo 'Unable to locate credentials' >&2; exit 253");
    await expect(confirm(true)).rejects.toThrow(/^down: the credentials for AWS: got none/);
  });
});

const urn = (type: string) => `urn:pulumi:dev::swarm-lab::${type}::x`;
const resource = (type: string, others: object) => ({
  ...{ urn: urn(type), type, custom: true },
  ...others,
});
const STACK = "x/swarm-lab/aws-down";
const STATE = {
  deployment: {
    resources: [
      resource("pulumi:providers:aws", { inputs: { region } }),
      resource("aws:ec2/vpc:Vpc", {
        inputs: { tags: { "swarm-lab.begun": "2026-01-31T12:00:00Z" } },
        outputs: { arn: VPC.ResourceARN },
      }),
      resource("aws:ec2/instance:Instance", { inputs: { tags: { "swarm-lab.node": "m1" } } }),
      resource("aws:s3/bucket:Bucket", {
        inputs: { bucket: "b" },
        outputs: { arn: "arn:aws:s3:::b" },
      }),
      resource("aws:s3/bucket:Bucket", {
        inputs: { bucket: "c", tags: { "swarm-lab.kept": "backups" } },
      }),
      resource("docker:index/volume:Volume", { inputs: { tags: { "swarm-lab.begun": "never" } } }),
    ],
    pending_operations: [
      {
        resource: resource("aws:ec2/eip:Eip", {
          inputs: { tags: { "swarm-lab.begun": "2026-01-31T12:00:01Z" } },
        }),
        type: "creating",
      },
    ],
  },
};

test("what a state says of a lab on AWS is its regions, accounts and beginning, also where it is half built", () => {
  expect(awsRecord(parseState(JSON.stringify(STATE)))).toEqual({
    ...{ regions: [region], accounts: [ACCOUNT] },
    ...{ begun: ["2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z"], nodes: ["m1"] },
    ...{ buckets: ["b", "c"], passing: ["b"] },
  });
  expect(awsRecord(undefined)).toEqual({
    regions: [],
    accounts: [],
    begun: [],
    nodes: [],
    buckets: [],
    passing: [],
  });
});

test("a lab whose record is gone is looked for in the region that its configuration asks for", () => {
  const yaml = (provider: string) =>
    `config:\n  swarm-lab:provider: ${provider}\n  swarm-lab:aws: { region: eu-west-1 }\n`;
  expect(regionAsked(yaml("aws"))).toBe("eu-west-1");
  expect(regionAsked(yaml("local"))).toBeUndefined();
  expect(regionAsked("config:\n  swarm-lab:provider: aws\n")).toBeUndefined();
  expect(regionAsked("")).toBeUndefined();
  expect(configuredRegion("dev")).toBeUndefined();
  expect(configuredRegion("there-is-none")).toBeUndefined();
});

describe("a lab on AWS that Pulumi cannot destroy", () => {
  beforeEach(() => vi.stubEnv("PULUMI_BACKEND_URL", "https://backend.invalid"));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(stackFolder(STACK), { recursive: true, force: true });
  });

  const remove = async (times: number) => {
    using docker = new StubProgram("docker", ":");
    using pulumi = new StubProgram(
      "pulumi",
      `case "$1" in
stack) if [ "$2" = export ]; then cat <<'E'\n${JSON.stringify(STATE)}\nE
fi ;;
*) exit 1 ;;
esac`,
    );
    using _ = aws(times);
    const options = { engine: "unix:///nowhere", pulumi: true, say: () => undefined };
    const end = await removeLab(STACK, options).catch((error: Error) => error);
    expect(docker.calls.length).toBeGreaterThan(0);
    return { end, verbs: pulumi.calls.map((call) => call.split("\n").slice(0, 2).join(" ")) };
  };

  test("stays on record while anything of it is left", async () => {
    const { end, verbs } = await remove(99);
    expect(String(end)).toContain("UserError: down: 1 thing tagged");
    expect(verbs).toContain("destroy --stack");
    expect(verbs).not.toContain("stack import");
  });

  test("is off the record once AWS has nothing of it", async () => {
    const { end, verbs } = await remove(0);
    expect(end).toEqual([region]);
    expect(verbs.at(-1)).toBe("stack import");
  });
});
