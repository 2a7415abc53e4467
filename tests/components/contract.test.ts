/** What every component keeps, so that any of them can be used, found, moved and removed like the others. */
import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { ARGS } from "../support/component-args.ts";
import { type ExportedComponent, exportedComponents } from "../support/exported.ts";
import { record } from "../support/mocks.ts";

/**
 * The lab alone names its children without its own name before theirs: a program has one, its name is the stack's and so
 * in every URN already, and swarm secrets, named after their resources, may have 64 characters.
 */
const UNPREFIXED = ["Lab"];
/** What is inside the swarm: only its resources wait for their providers (components/late.ts). */
const LATE = [
  ...["ComposeStack", "Edge", "LabRegistry", "OverlayNetwork", "RegistryImage"],
  ...["SwarmConfig", "SwarmMember", "SwarmSecret", "SwarmService"],
];
const NAME = "thing";

const components = await exportedComponents();

async function build({ className, component }: ExportedComponent) {
  const outputs: unknown[] = [];
  const { recording } = await record(() => {
    const given = {
      aws: new AwsProvider("given-aws", { region: "eu-central-1" }),
      docker: new docker.Provider("given-docker", { host: "tcp://127.0.0.1:1" }),
      command: new command.Provider("given-command"),
    };
    const owner = new pulumi.ComponentResource("test:index:Owner", "owner");
    const lifetime = new docker.Volume("lifetime", {});
    const args = ARGS[className as keyof typeof ARGS]();
    const { prototype } = component;
    const register = prototype.registerOutputs;
    prototype.registerOutputs = function (this: unknown, ...values: unknown[]) {
      outputs.push(...values);
      return register.apply(this, values);
    };
    const opts = { parent: owner, providers: Object.values(given), deletedWith: lifetime };
    const made = new component(NAME, args as never, opts);
    // What comes later is the SDK's own call, for components that do not make one.
    delete prototype.registerOutputs;
    return made;
  });
  const top = recording.all.find((each) => each.name === NAME && !each.custom);
  if (top === undefined) throw new Error(`${className} registers nothing under its name`);
  return { recording, top, children: recording.under(top), outputs };
}

test("every exported component has arguments to be tried with, and no others are kept", () => {
  expect(components.length).toBeGreaterThan(10);
  expect(components.map(({ className }) => className).sort()).toEqual(Object.keys(ARGS).sort());
});

describe.each(components)("$className", (exported) => {
  const { className, area, component } = exported;
  let built: Awaited<ReturnType<typeof build>>;
  beforeAll(async () => {
    built = await build(exported);
  });

  test("is made from a name, its arguments and options", () => {
    expect(component.toString()).toMatch(/constructor\(name, args, opts\)/);
  });

  test("has a type that says where it is defined", () => {
    const { top } = built;
    expect(top.type).toBe(`swarm-lab:${area}:${className}`);
  });

  test("is the ancestor of all that it makes, and makes something", () => {
    const { recording, top, children } = built;
    const apart = ["owner", "lifetime", "given-aws", "given-docker", "given-command"];
    const given = (name: string) => apart.includes(name) || /^(machine|other)-/.test(name);
    const others = recording.all.filter((each) => each !== top && !given(each.name));
    expect(children.map(({ urn }) => urn).sort()).toEqual(others.map(({ urn }) => urn).sort());
    expect(children.filter(({ custom }) => custom)).not.toEqual([]);
  });

  test("begins the names of its children with its own", () => {
    const { children } = built;
    const foreign = children.filter(({ name }) => name !== NAME && !name.startsWith(`${NAME}-`));
    if (UNPREFIXED.includes(className)) expect(foreign).toHaveLength(children.length);
    else expect(foreign.map(({ name }) => name)).toEqual([]);
  });

  test("names no child by its place in a list", () => {
    const { children } = built;
    const numbered = children.filter(({ name }) => /(^|-)\d+(-|$)/.test(name));
    expect(numbered.map(({ name }) => name)).toEqual([]);
  });

  test("registers its outputs itself, once", () => {
    const { outputs } = built;
    expect(outputs).toHaveLength(1);
    expect(outputs[0]).toBeTypeOf("object");
  });

  test("passes its options on: parent, providers and what it is deleted with", () => {
    const { recording, top, children } = built;
    expect(top.parent).toBe(recording.one("owner").urn);
    const given = Object.keys(top.options.providers).sort();
    expect(given).toEqual(LATE.includes(className) ? [] : ["aws", "command", "docker"]);
    const own = children.filter(({ type }) => type.startsWith("pulumi:providers:"));
    const allowed = ["given-aws", "given-docker", "given-command", ...own.map(({ name }) => name)];
    for (const child of children.filter((each) => each.custom && !own.includes(each))) {
      expect(allowed, child.name).toContain(recording.provider(child));
      expect(recording.deletedWith(child), child.name).toBeDefined();
    }
    expect(recording.deletedWith(top)).toBe("lifetime");
  });
});
