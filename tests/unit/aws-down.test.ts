/** The end of a lab on AWS, against programs that answer as `aws`, `pulumi` and `docker` would. */
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { awsEnding } from "../../scripts/cli/aws-ending.ts";
import { confirmGone } from "../../scripts/cli/aws-leftovers.ts";
import { liftProtection } from "../../scripts/cli/aws-protection.ts";
import { asksAws, awsRecord, configuredAws } from "../../scripts/cli/aws-record.ts";
import { endingsOf, engineNeeded } from "../../scripts/cli/ending.ts";
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
      resource("aws:ec2/instance:Instance", {
        id: "i-1",
        inputs: { tags: { "swarm-lab.node": "m1" }, disableApiTermination: true },
        outputs: { arn: `arn:aws:ec2:${region}:${ACCOUNT}:instance/i-1` },
      }),
      resource("aws:ec2/instance:Instance", {
        id: "i-2",
        inputs: { tags: { "swarm-lab.node": "w1" }, disableApiTermination: false },
      }),
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
    ...{ begun: ["2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z"], nodes: ["m1", "w1"] },
    ...{ buckets: ["b", "c"], passing: ["b"], guarded: [{ node: "m1", id: "i-1", region }] },
  });
  expect(awsRecord(undefined)).toEqual({
    regions: [],
    accounts: [],
    begun: [],
    nodes: [],
    buckets: [],
    passing: [],
    guarded: [],
  });
});

test("a lab whose record is gone is looked for in the region that its configuration asks for", () => {
  const yaml = (provider: string, aws = "{ region: eu-west-1 }") =>
    `config:\n  swarm-lab:provider: ${provider}\n  swarm-lab:aws: ${aws}\n`;
  expect(asksAws(yaml("aws"))).toEqual({ region: "eu-west-1", protected: false });
  expect(asksAws(yaml("aws", "{ protected: true }"))).toEqual({ protected: true });
  expect(asksAws(yaml("local"))).toBeUndefined();
  expect(asksAws("config:\n  swarm-lab:provider: aws\n")).toEqual({ protected: false });
  expect(asksAws("")).toBeUndefined();
  expect(configuredAws("dev")).toBeUndefined();
  expect(configuredAws("there-is-none")).toBeUndefined();
  expect(configuredAws("aws")).toEqual({ region: "eu-central-1", protected: false });
});

describe("instances that refuse to be terminated", () => {
  const guarded = [
    { node: "m1", id: "i-1", region },
    { node: "w1", id: "i-2", region: "eu-west-1" },
  ];
  const lift = async (wanted: boolean, given = guarded, answer = ":") => {
    using stub = new StubProgram("aws", answer);
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    const end = await liftProtection(given, { wanted, say }).catch((error: Error) => error.message);
    return { end, said, calls: stub.calls };
  };

  test("keep the lab as long as the configuration asks for it, and nobody is asked", async () => {
    expect(await lift(true)).toEqual({
      ...{ said: [], calls: [] },
      end: "down: swarm-lab:aws.protected: got true, which keeps AWS from terminating m1, w1, need false before the lab goes; set it to false and run `npm run down` again; nothing was changed",
    });
  });

  test("let it go once the configuration does not, each in its region", async () => {
    const { end, said, calls } = await lift(false);
    expect(end).toBeUndefined();
    expect(said).toEqual([expect.stringContaining("AWS may terminate m1, w1 from now on")]);
    expect(calls).toEqual(
      guarded.map(
        ({ id, region: at }) =>
          `ec2\nmodify-instance-attribute\n--instance-id\n${id}\n--no-disable-api-termination\n--region\n${at}\n--output\njson`,
      ),
    );
  });

  test("stay where AWS does not let that be changed, and the end is not begun", async () => {
    const refused = `echo 'An error occurred (UnauthorizedOperation) when calling the ModifyInstanceAttribute operation: You are not authorized to perform: ec2:ModifyInstanceAttribute' >&2; exit 254`;
    const { end, calls } = await lift(false, guarded, refused);
    expect(end).toMatch(/^down: the credentials for AWS: got an identity that may not ec2:Modify/);
    expect(calls).toHaveLength(1);
  });

  test("are nothing to a lab that has none", async () => {
    expect(await lift(true, [])).toEqual({ end: undefined, said: [], calls: [] });
  });
});

describe("a lab on AWS that Pulumi cannot destroy", () => {
  beforeEach(() => vi.stubEnv("PULUMI_BACKEND_URL", "https://backend.invalid"));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(stackFolder(STACK), { recursive: true, force: true });
  });

  const remove = async (times: number, engine: string | undefined = "unix:///nowhere") => {
    using docker = new StubProgram("docker", ":");
    using pulumi = new StubProgram(
      "pulumi",
      `case "$1" in
stack) if [ "$2" = export ]; then cat <<'E'\n${JSON.stringify(STATE)}\nE
fi ;;
*) exit 1 ;;
esac`,
    );
    using asked = aws(times);
    const options = { pulumi: true, say: () => undefined };
    const given = engine === "" ? options : { engine, ...options };
    const end = await removeLab(STACK, given).catch((error: Error) => error);
    expect(docker.calls.length > 0).toBe(engine !== "");
    expect(asked.calls.some((call) => call.includes("modify-instance-attribute"))).toBe(true);
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
    expect(end).toEqual([
      "nothing labelled swarm-lab.lab=aws-down remains",
      `nothing tagged swarm-lab.lab=aws-down remains on AWS in ${region}`,
    ]);
    expect(verbs.at(-1)).toBe("stack import");
  });

  test("goes without an engine on this machine, of which nothing is said then", async () => {
    const { end, verbs } = await remove(0, "");
    expect(end).toEqual([`nothing tagged swarm-lab.lab=aws-down remains on AWS in ${region}`]);
    expect(verbs.at(-1)).toBe("stack import");
  });
});

describe("an engine on this machine", () => {
  const states = {
    "a lab on AWS": STATE.deployment.resources,
    "a lab that was on this machine before": [
      ...STATE.deployment.resources,
      resource("docker:index/container:Container", {}),
    ],
    "a lab of which nothing is on record": [],
  };
  test.each<[string, keyof typeof states | "unreadable", string, boolean]>([
    ["not needed", "a lab on AWS", "aws", false],
    ["needed", "a lab that was on this machine before", "aws", true],
    ["not needed", "a lab of which nothing is on record", "aws", false],
    ["not needed", "unreadable", "aws", false],
    ["needed", "a lab on AWS", "dev", true],
    ["needed", "a lab of which nothing is on record", "dev", true],
    ["needed", "unreadable", "dev", true],
  ])("is %s for %s whose configuration is that of %s", (_, of, stack, needed) => {
    const state =
      of === "unreadable"
        ? of
        : parseState(JSON.stringify({ deployment: { resources: states[of] } }));
    expect(engineNeeded(endingsOf(stack, state), state)).toBe(needed);
  });

  test("says nothing of a lab that never was on AWS", () => {
    expect(awsEnding("dev", undefined)).toBeUndefined();
    expect(endingsOf("dev", undefined)).toEqual([]);
  });
});
