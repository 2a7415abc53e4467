import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import { Marked, type PolicyResource, UNKNOWN } from "../../policies/policy.ts";
import { leakedSecrets, plainTextSecrets } from "../../policies/secrets.ts";
import { resource } from "./policy-support.ts";

const TOKEN = `SWMTKN-1-${"a1".repeat(25)}-${"b".repeat(25)}`;
const UNLOCK_KEY = `SWMKEY-1-${"c".repeat(43)}`;
const PEM = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY-----\n";
const SHAPES = {
  ...{ "a join token": TOKEN, "an unlock key": UNLOCK_KEY, "a private key": PEM },
  "an age identity": `AGE-SECRET-KEY-1${"Q".repeat(58)}`,
  "an access key of AWS": `AKIA${"A".repeat(16)}`,
};

const COMMAND = "command:local:Command";
const INSTANCE = "aws:ec2/instance:Instance";
const problems = (type: string, inputs: PolicyResource["inputs"]) =>
  plainTextSecrets.judge(resource(type, inputs));
const where = (type: string, inputs: PolicyResource["inputs"]) =>
  problems(type, inputs).map((each) => each.where);

describe.each(Object.entries(SHAPES))("plain-text-secrets finds %s", (_, secret) => {
  test.each([
    ["in an environment", COMMAND, { environment: { X: secret } }, "one.environment.X"],
    ["within a command", COMMAND, { create: `join --token ${secret} m1` }, "one.create"],
    [
      "in JSON",
      COMMAND,
      { environment: { X: JSON.stringify([{ a: secret }]) } },
      "one.environment.X[0].a",
    ],
    ["in user data", INSTANCE, { userData: `#cloud-config\n${secret}` }, "one.userData"],
    ["in base64", INSTANCE, { userDataBase64: btoa(`#!/bin/sh\n${secret}`) }, "one.userDataBase64"],
    ["in a tag", INSTANCE, { tags: { Name: secret } }, "one.tags.Name"],
  ])("%s", (_, type, inputs, place) => {
    expect(where(type, inputs)).toEqual([place]);
    expect(problems(type, inputs).map(describeProblem).join()).not.toContain(secret);
  });

  test("but not where Pulumi keeps it", () => {
    expect(where(COMMAND, { environment: { X: new Marked(secret) } })).toEqual([]);
    expect(where(COMMAND, { environment: new Marked({ X: secret }) })).toEqual([]);
  });

  test("and in user data and tags whether Pulumi keeps it or not", () => {
    expect(where(INSTANCE, { userData: new Marked(secret) })).toEqual(["one.userData"]);
    expect(where(INSTANCE, { tags: new Marked({ key: secret }) })).toEqual(["one.tags.key"]);
  });
});

describe("plain-text-secrets", () => {
  test.each(["password", "LAB_REGISTRY_PASSWORD", "keyMaterial", "joinToken", "secretKey"])(
    "refuses a text of any kind named %s",
    (key) => {
      expect(where(COMMAND, { environment: { [key]: "hunter2" } })).toEqual([
        `one.environment.${key}`,
      ]);
      for (const value of [new Marked("hunter2"), UNKNOWN, "", "/run/secrets/x", "{{.Task.Name}}"])
        expect(where(COMMAND, { environment: { [key]: value } })).toEqual([]);
    },
  );

  test("refuses the content of a swarm secret, and not that of a config", () => {
    const data = btoa("Hello");
    expect(where("docker:index/secret:Secret", { data })).toEqual(["one.data"]);
    expect(where("docker:index/secret:Secret", { data: new Marked(data) })).toEqual([]);
    expect(where("docker:index/serviceConfig:ServiceConfig", { data })).toEqual([]);
  });

  test("takes names of secrets for names", () => {
    expect(where(COMMAND, { environment: { SECRET_APP_TOKEN: "app-token-1" } })).toEqual([]);
    expect(where(COMMAND, { environment: { X: '[{"secret":"app-token"}]' } })).toEqual([]);
  });

  test("says what to do", () => {
    const [problem] = problems(COMMAND, { environment: { PASSWORD: "hunter2" } });
    expect(problem?.fix).toContain("pulumi config set --secret");
  });
});

describe("leaked-secrets", () => {
  const SECRET = "correct-horse-battery";
  const holder = (value: unknown) =>
    resource(COMMAND, { environment: { KEY: value } }, { name: "holder" });
  const other = (text: unknown) => resource(COMMAND, { create: text }, { name: "other" });
  const leaks = (...all: PolicyResource[]) => leakedSecrets.judgeAll(all).map((each) => each.where);

  test("finds the value of one resource's secret in another's plain text", () => {
    const all = [holder(new Marked(SECRET)), other(`login -p ${SECRET}`)];
    expect(leaks(...all)).toEqual(["other.create"]);
    expect(JSON.stringify(leakedSecrets.judgeAll(all))).not.toContain(SECRET);
  });

  test("has nothing against it where it is marked too, or was never marked", () => {
    expect(leaks(holder(new Marked(SECRET)), other(new Marked(SECRET)))).toEqual([]);
    expect(leaks(holder(SECRET), other(SECRET))).toEqual([]);
  });

  test("does not take the parts of what is marked as a whole for secrets, unless named so", () => {
    const whole = new Marked(
      JSON.stringify({ address: "registry.internal:5000", password: SECRET }),
    );
    expect(leaks(holder(whole), other("curl registry.internal:5000"))).toEqual([]);
    expect(leaks(holder(whole), other(SECRET))).toEqual(["other.create"]);
    const files = new Marked([{ file: "/etc/swarm-lab/files", content: SECRET }]);
    expect(leaks(holder(files), other("cat /etc/swarm-lab/files"))).toEqual([]);
    expect(leaks(holder(files), other(`echo ${SECRET}`))).toEqual(["other.create"]);
  });

  test("does not take a word for a secret", () => {
    expect(leaks(holder(new Marked("lab")), other("the lab"))).toEqual([]);
  });
});
