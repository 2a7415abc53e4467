import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { planPlacement } from "../../components/nodes/aws/placement.ts";
import { settingsJsonSchema } from "../../stacks/config/reference.ts";
import { type Given, load } from "./config-support.ts";

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), "utf8");

interface Declared {
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}
interface ProjectFile {
  readonly name: string;
  readonly config: Readonly<Record<string, Declared>>;
}
interface StackFile {
  readonly config: Given;
}

const project: ProjectFile = parse(read("Pulumi.yaml"));
const dev: StackFile = parse(read("Pulumi.dev.yaml"));
const schema = settingsJsonSchema();

describe("Pulumi.yaml", () => {
  it("declares the settings of the schema, all and no others", () => {
    expect(Object.keys(project.config)).toEqual(Object.keys(schema.properties ?? {}));
  });

  it("declares their types", () => {
    const types = Object.entries(schema.properties ?? {}).map(([key, node]) => {
      const type = typeof node === "object" ? node.type : undefined;
      return [key, type === "number" ? "integer" : type];
    });
    const declared = Object.entries(project.config).map(([key, { type }]) => [key, type]);
    expect(declared).toEqual(types);
  });

  it("gives each a default, as Pulumi asks a stack for every setting without one", () => {
    for (const { default: fallback, description } of Object.values(project.config)) {
      expect(fallback).toBeDefined();
      expect(description).not.toBe("");
    }
  });

  it("gives the defaults that the program would give", () => {
    const defaults = Object.entries(project.config).map(([key, { default: value }]) => [
      key,
      value,
    ]);
    expect(load(Object.fromEntries(defaults))).toEqual(load({}));
  });
});

describe("Pulumi.dev.yaml", () => {
  const given = Object.fromEntries(
    Object.entries(dev.config).map(([key, value]) => [key.replace("swarm-lab:", ""), value]),
  );
  const { config, warnings } = load(given);

  it("is the dev lab, without a warning", () => {
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({ managers: 3, workers: 2, zones: ["a", "b", "c"] });
    expect(config.expendable).toBe(true);
    expect(config.services.app).toMatchObject({ image: "app", replicas: 3, networks: ["app"] });
    expect(config.secrets["app-token"]).toMatchObject({ kind: "generate" });
  });

  it("fixes no port and no subnet, so that a copy is a second lab beside it", () => {
    expect(config.ports).toEqual({ api: "auto", registry: "auto" });
    expect(config.network.subnet).toBe("auto");
    const published = Object.values(config.services).flatMap(({ ports }) => ports);
    expect(published.map((port) => port.published)).toEqual(["auto"]);
  });

  it("holds nothing that belongs to one machine", () => {
    expect(Object.keys(dev)).toEqual(["config"]);
  });
});

describe("Pulumi.aws.yaml", () => {
  const file: StackFile = parse(read("Pulumi.aws.yaml"));
  const given = Object.fromEntries(
    Object.entries(file.config).map(([key, value]) => [key.replace("swarm-lab:", ""), value]),
  );
  const { config, warnings } = load(given, { stack: "aws" });
  const properties = (node: unknown): string[] =>
    Object.keys((node as { readonly properties?: object } | undefined)?.properties ?? {});

  it("is a lab on AWS over three zones, without a warning", () => {
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({ provider: "aws", managers: 3, workers: 2, zones: [..."abc"] });
    const placement = planPlacement({
      ...{ ...config, region: config.aws.region ?? "", subnet: config.network.subnet },
    });
    expect(placement.subnets.map(({ availabilityZone }) => availabilityZone)).toEqual([
      ...["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    ]);
  });

  it("says every setting of provider aws, but prices, which nobody may invent", () => {
    const aws = schema.properties?.aws as { readonly properties: Record<string, unknown> };
    const said = given.aws as Record<string, object>;
    expect(Object.keys(said)).toEqual(properties(aws));
    expect(Object.keys(said.bucket ?? {})).toEqual(properties(aws.properties.bucket));
    expect(said.prices).toEqual({ instanceHour: {}, spotHour: {} });
  });

  it("keeps its backups in its own bucket", () => {
    expect(config.backup.directory).toBe(`s3://${config.aws.bucket?.name}`);
  });

  it("lets nobody in from outside, and nothing live longer than a day unasked", () => {
    expect(config.aws).not.toHaveProperty("ssh");
    expect(config.aws.lifetime).toBe("24h0m0s");
    expect(config.network.encryption).not.toBe("off");
  });

  it("holds nothing that belongs to one machine", () => {
    expect(Object.keys(file)).toEqual(["config"]);
  });
});
