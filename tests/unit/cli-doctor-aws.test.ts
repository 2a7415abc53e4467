import { afterEach, describe, expect, test } from "vitest";
import type { AwsFacts, AwsWish } from "../../components/nodes/aws/account-facts.ts";
import { lookAtAws } from "../../scripts/cli/doctor-aws.ts";
import { type AwsFound, awsRows } from "../../scripts/cli/doctor-aws-rows.ts";
import { doctorRows, type Row } from "../../scripts/cli/doctor-rows.ts";
import { wishOf } from "../../stacks/aws-wish.ts";
import { devConfig } from "../support/fixtures.ts";
import { StubProgram } from "../support/stub-program.ts";

const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const config = (aws: object = {}) =>
  devConfig({ provider: "aws", aws: { region: "eu-central-1", ...aws } });
const WISH = wishOf(config());
const FACTS: AwsFacts = {
  ...{ account: "111122223333", zones: ZONES, offered: ZONES, image: "ami-1" },
  type: { vcpus: 2, architectures: ["x86_64"], spot: true },
  quotas: { onDemandVcpus: 32, addresses: 5, vpcs: 5 },
  used: { onDemandVcpus: 4, addresses: 0, vpcs: 1 },
  ...{ vpcs: [], unseen: {} },
};
const FOUND: AwsFound = {
  ...{ cli: "aws-cli/2.13.0", plugin: "1.2.553.0", account: { facts: FACTS, wish: WISH } },
};
const account = (facts: Partial<AwsFacts>, wish: Partial<AwsWish> = {}): AwsFound => ({
  ...FOUND,
  account: { facts: { ...FACTS, ...facts }, wish: { ...WISH, ...wish } },
});
const NONE = {
  ...{ where: "the credentials for AWS", got: "none", need: "credentials of an account" },
  fix: "`aws configure`",
};
const short = (rows: readonly Row[]) => rows.map(({ name, verdict }) => `${name}: ${verdict}`);

describe("the doctor of a lab on AWS", () => {
  test("finds nothing wrong with a good account, and says whose it is and what is left of it", () => {
    expect(awsRows(FOUND).map(({ name, verdict, found }) => [name, verdict, found])).toEqual([
      ["AWS CLI", "ok", "aws-cli/2.13.0"],
      ["session-manager-plugin", "ok", "1.2.553.0"],
      ["AWS credentials", "ok", "of account 111122223333"],
      ["AWS region", "ok", "eu-central-1, zones a, b, c"],
      ["AWS quota: vCPUs of on-demand instances", "ok", "10 for this lab and 4 of others, of 32"],
      ["AWS quota: Elastic IP addresses", "ok", "5 for this lab and 0 of others, of 5"],
      ["AWS quota: VPCs", "ok", "1 for this lab and 1 of others, of 5"],
    ]);
  });

  test.each<[string, AwsFound, Row["verdict"], RegExp]>([
    [
      "no session-manager-plugin",
      { ...FOUND, plugin: undefined },
      "problem",
      /not there no command on a node, as SSH is closed/,
    ],
    ["no credentials", { ...FOUND, account: { problem: NONE } }, "problem", /^none need cred/],
    ["a zone that there is not", account({ zones: ZONES.slice(1) }), "problem", /no zone eu-c.*1a/],
    [
      "a quota that is too small",
      account({ quotas: { ...FACTS.quotas, addresses: 4 } }),
      "problem",
      /5 for this lab beside 0 of others need at most 4/,
    ],
    [
      "a question that may not be asked",
      account({ unseen: { "ec2 describe-vpcs": "the credentials may not ask it" } }),
      "lack",
      /no answer to `aws ec2 describe-vpcs`/,
    ],
  ])("says what %s means", (_, found, verdict, says) => {
    const bad = awsRows(found).filter((row) => row.verdict !== "ok");
    expect(short(bad)).toHaveLength(1);
    expect(bad[0]?.verdict).toBe(verdict);
    expect(`${bad[0]?.found} ${bad[0]?.means}`).toMatch(says);
  });

  test("has one row about a quota, whether it is enough or not", () => {
    const rows = awsRows(account({ quotas: { ...FACTS.quotas, addresses: 4 } }));
    const about = rows.filter(({ name }) => name.includes("Elastic IP addresses"));
    expect(about.map(({ verdict }) => verdict)).toEqual(["problem"]);
  });

  test("says of a missing AWS CLI what it disables, once", () => {
    const problem = { where: "the AWS CLI", got: "no command aws on PATH", need: "one" };
    const rows = awsRows({ ...FOUND, cli: undefined, account: { problem } });
    expect(short(rows)).toEqual(["AWS CLI: problem", "session-manager-plugin: ok"]);
    expect(rows[0]?.means).toMatch(/no preflight, .*no backups in a bucket/);
  });

  test("does not miss Session Manager where SSH is open to somebody", () => {
    const [, plugin] = awsRows({ ...FOUND, plugin: undefined, ssh: "192.0.2.7/32" });
    expect(plugin).toMatchObject({
      ...{ verdict: "ok", found: "not there; SSH is open to 192.0.2.7/32" },
    });
  });
});

describe("a look at AWS", () => {
  const stubs: StubProgram[] = [];
  const program = (name: string, body: string) => {
    const stub = new StubProgram(name, body);
    stubs.unshift(stub);
    return stub;
  };
  // In the order in which they came onto PATH, backwards.
  afterEach(() => {
    for (const stub of stubs.splice(0)) stub[Symbol.dispose]();
  });
  const aws = (answer: string) =>
    program("aws", `[ "$1" = --version ] && echo 'aws-cli/2.13.0 Python/3' && exit\n${answer}`);
  const SECRET = "AKIASECRETSECRET";

  test("without credentials is one plain row more, and asks nothing else", async () => {
    program("session-manager-plugin", "echo 1.2.553.0");
    const stub = aws("echo 'Unable to locate credentials' >&2; exit 253");
    const rows = await lookAtAws(config());
    expect(short(rows)).toEqual([
      ...["AWS CLI: ok", "session-manager-plugin: ok", "the credentials for AWS: problem"],
    ]);
    expect(rows.at(-1)?.found).toBe("none");
    expect(stub.calls.map((call) => call.split("\n")[0]).sort()).toEqual(["--version", "sts"]);
  });

  test("shows no credential, neither of the environment nor of what AWS says of it", async () => {
    process.env.AWS_SECRET_ACCESS_KEY = SECRET;
    try {
      program("session-manager-plugin", "exit 127");
      aws(
        `echo 'An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: bad' >&2; exit 254`,
      );
      const rows = await lookAtAws(config());
      expect(short(rows).slice(1)).toEqual([
        ...["session-manager-plugin: problem", "the credentials for AWS: problem"],
      ]);
      expect(JSON.stringify(rows)).not.toContain(SECRET);
    } finally {
      delete process.env.AWS_SECRET_ACCESS_KEY;
    }
  });

  test("that AWS has no answer to says so with AWS's words", async () => {
    program("session-manager-plugin", "echo 1.2.553.0");
    aws("echo 'something new' >&2; exit 255");
    const rows = await lookAtAws(config());
    expect(rows.at(-1)).toMatchObject({ name: "the AWS account", found: "something new" });
  });

  test("sees what the preflight sees", async () => {
    program("session-manager-plugin", "echo 1.2.553.0");
    const refused = `echo 'An error occurred (AccessDenied) when calling the X operation: no' >&2; exit 254`;
    aws(`[ "$1" = sts ] && echo '{"Account": "111122223333"}' && exit\n${refused}`);
    const rows = await lookAtAws(config());
    expect(rows[2]).toMatchObject({ name: "AWS credentials", found: "of account 111122223333" });
    const lacks = rows.filter(({ verdict }) => verdict === "lack");
    expect(lacks.length).toBeGreaterThan(5);
    for (const { found } of lacks) expect(found).toContain("the credentials may not ask it");
  });
});

test("nothing is said of this machine's kernel where the nodes are elsewhere", () => {
  const rows = doctorRows({
    ...{ host: "unix:///x", client: "28", node: "v24", pulumi: "/p", plugins: [], nodes: 0 },
    engine: {
      ...{ version: "26", kernel: "6.12", os: "linux", cgroup: "2", storage: "overlay2" },
      ...{ root: "/x", cpus: 2, memory: 2 ** 33 },
    },
    ...{ freeDisk: undefined, kernel: undefined, ports: {}, problems: [] },
    elsewhere: awsRows(FOUND),
  });
  expect(rows.filter(({ name }) => /^kernel[: ]f?/.test(name) && name !== "kernel")).toEqual([]);
  expect(short(rows)).toContain("AWS credentials: ok");
  expect(rows.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
});
