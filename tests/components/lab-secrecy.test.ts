import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../stacks/lab.ts";
import { buildLab } from "../support/fixtures.ts";
import { CREDENTIALS, GENERATED, KEYS } from "../support/mock-outputs.ts";
import { record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import type { Recording } from "../support/recording.ts";

const { engine, registry, client, registryLogin } = CREDENTIALS;
const CONFIGURED = "CONFIGURED-SECRET";
const PASSWORD = "CONFIGURED-PASSWORD";

/** What goes through the program's resources, and what only comes out of it. */
const INSIDE = {
  "the engines' key": engine.key,
  "the registry's key": registry.key,
  "the client's key": client.key,
  "the registry's password": registryLogin.password,
  "the registry's htpasswd line": registryLogin.htpasswd,
  "a generated secret": GENERATED,
  "a configured secret": CONFIGURED,
  "a configured password": PASSWORD,
};
const OUTSIDE = {
  "the manager's join token": KEYS.manager,
  "the worker's join token": KEYS.worker,
  "the unlock key": KEYS.unlockKey,
};
const changes = {
  secrets: {
    "app-token": { generate: { length: 32, version: 1 } },
    given: { value: CONFIGURED },
  },
  registry: { enabled: true, username: "lab", password: PASSWORD },
  swarm: { autolock: true },
};

/** The forms in which a text may stand in a state file. */
const formsOf = (text: string) => [text, Buffer.from(text).toString("base64")];

describe("in the state of a lab", () => {
  let made: Lab;
  let clear: string;
  let whole: string;
  beforeAll(async () => {
    let recording: Recording;
    ({ made, recording } = await record(() => buildLab(changes)));
    clear = recording.all.map(({ wire }) => clearText(wire)).join("\n");
    whole = JSON.stringify(recording.all.map(({ inputs }) => inputs));
  });

  test.each(Object.entries(INSIDE))("%s is nowhere in clear, though it is used", (_, text) => {
    const forms = formsOf(text);
    const trimmed = [...forms, text.trim()];
    expect(trimmed.some((form) => whole.includes(form))).toBe(true);
    for (const form of trimmed) expect(clear).not.toContain(form);
  });

  test.each(Object.entries(OUTSIDE))("%s is no input of anything", (_, text) => {
    for (const form of formsOf(text)) expect(whole).not.toContain(form);
  });

  test("the tokens are a secret output, and the rest is none", async () => {
    expect(await pulumi.isSecret(made.keys)).toBe(true);
    expect(await pulumi.isSecret(made.clusterId)).toBe(false);
    expect(await pulumi.isSecret(made.reach)).toBe(false);
  });

  test("the description, which everybody may read, has nothing secret", () => {
    const text = JSON.stringify(made.description);
    for (const secret of [...Object.values(INSIDE), ...Object.values(OUTSIDE)]) {
      expect(text).not.toContain(secret);
    }
  });

  test("no command line has one, since it is shown when it fails", async () => {
    const { recording } = await record(() => buildLab(changes));
    for (const { name, inputs } of recording.steps) {
      const commands = [inputs.create, inputs.delete, inputs.update].join("\n");
      for (const secret of Object.values(INSIDE)) expect(commands, name).not.toContain(secret);
    }
  });
});
