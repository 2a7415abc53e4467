import { describe, expect, test } from "vitest";
import { describedIn } from "../../scripts/cli/describe.ts";
import { withoutSalt } from "../../scripts/cli/stack-config.ts";
import { chooseStack } from "../../scripts/cli/stack-name.ts";
import { holdsResources, parseState } from "../../scripts/cli/state.ts";

const ROOT = {
  urn: "urn:pulumi:dev::swarm-lab::pulumi:pulumi:Stack::swarm-lab-dev",
  type: "pulumi:pulumi:Stack",
  outputs: { lab: { lab: "dev", nodes: [] }, keys: { ciphertext: "v1:x" } },
};

describe("a state", () => {
  test("is read from a checkpoint of the file backend", () => {
    const text = JSON.stringify({
      version: 3,
      checkpoint: { stack: "dev", latest: { manifest: {}, resources: [ROOT] } },
    });
    const state = parseState(text);
    expect(state.resources).toHaveLength(1);
    expect(describedIn(state)?.lab).toBe("dev");
  });

  test("is read from an export, with the operations a killed run left", () => {
    const pending = [
      { resource: { urn: "u", type: "t", inputs: { name: "n" } }, type: "creating" },
    ];
    const text = JSON.stringify({
      version: 3,
      deployment: { resources: [], pending_operations: pending },
    });
    expect(parseState(text)).toMatchObject({ resources: [], pending, outputs: {} });
  });

  test.each([
    [
      "a stack that was just made",
      { version: 3, checkpoint: { stack: "dev", latest: { manifest: {} } } },
    ],
    [
      "a checkpoint without a deployment",
      { version: 3, checkpoint: { stack: "dev", latest: null } },
    ],
    ["an empty export", { version: 3, deployment: { manifest: {} } }],
  ])("holds nothing: %s", (_, file) => {
    expect(holdsResources(parseState(JSON.stringify(file)))).toBe(false);
  });

  test("with an open operation alone holds something", () => {
    const pending = [{ resource: { urn: "u", type: "t" }, type: "creating" }];
    const text = JSON.stringify({ deployment: { pending_operations: pending } });
    expect(holdsResources(parseState(text))).toBe(true);
  });

  test("that was cut off is an error, not an empty one", () => {
    expect(() => parseState('{"version":3,"checkpoint":{"latest":{"resou')).toThrow();
  });

  test("has no description where the output is a secret", () => {
    const outputs = { lab: { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:x" } };
    expect(describedIn({ resources: [], pending: [], outputs })).toBeUndefined();
  });
});

describe("a stack's configuration", () => {
  test("loses Pulumi's salt and nothing else", () => {
    const text = "# mine\nconfig:\n  swarm-lab:managers: 3\nencryptionsalt: v1:abc=:v1:def\n";
    expect(withoutSalt(text)).toBe("# mine\nconfig:\n  swarm-lab:managers: 3\n");
  });

  test.each(["    secure: v1:x\n", "    key: {secure: v1:x}\n"])(
    "keeps the salt that its encrypted values need: %j",
    (value) => {
      const text = `encryptionsalt: v1:abc\nconfig:\n  swarm-lab:secrets:\n${value}`;
      expect(withoutSalt(text)).toBe(text);
    },
  );
});

describe("the stack of a command", () => {
  test.each([
    ["prod", { PULUMI_STACK: "other" }, "prod"],
    [undefined, { PULUMI_STACK: "other" }, "other"],
    [undefined, { PULUMI_STACK: "" }, "dev"],
    [undefined, {}, "dev"],
    ["organization/swarm-lab/dev", {}, "organization/swarm-lab/dev"],
  ])("asked for %j under %j is %j", (asked, env, stack) => {
    expect(chooseStack(asked, env)).toBe(stack);
  });

  test.each(["Dev", "a_b", "-x", ""])("%j is no name for a lab", (name) => {
    expect(() => chooseStack(name, {})).toThrow(/the stack's name: got .*--stack/s);
  });

  test("cannot be the folder that holds the states", () => {
    expect(() => chooseStack("backend", {})).toThrow(/taken/);
  });
});
