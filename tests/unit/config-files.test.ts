import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
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
