import { beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../stacks/lab.ts";
import { buildLab } from "../support/fixtures.ts";
import { record } from "../support/mocks.ts";
import { UNKNOWN } from "../support/properties.ts";
import type { Recording } from "../support/recording.ts";

/** Every text inside, with the path to it. */
function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe("the first preview of a lab", () => {
  let made: Lab;
  let preview: Recording;
  let up: Recording;
  beforeAll(async () => {
    ({ recording: up } = await record(() => buildLab()));
    ({ made, recording: preview } = await record(() => buildLab(), { preview: true }));
  });

  test("shows the same resources that up makes", () => {
    const urns = (recording: Recording) => recording.all.map(({ urn }) => urn).sort();
    expect(urns(preview)).toEqual(urns(up));
  });

  test("has the same options for them, and the same dependencies", () => {
    for (const each of up.all) {
      const shown = preview.one(each.name, each.type);
      const { provider: _, providers: __, ...options } = each.options;
      expect(shown.options, each.name).toMatchObject(options);
    }
  });

  test("connects to no swarm: the provider's host and keys are unknown", () => {
    expect(preview.one("swarm-manager").inputs).toEqual({
      host: UNKNOWN,
      caMaterial: UNKNOWN,
      certMaterial: UNKNOWN,
      keyMaterial: UNKNOWN,
    });
  });

  test("writes no unknown into a text", () => {
    for (const { name, inputs } of preview.all) {
      for (const [path, text] of texts(inputs, name)) {
        if (text !== UNKNOWN) expect(text, path).not.toMatch(/undefined|Calling \[to|NaN/);
        if (text !== UNKNOWN) expect(text, path).not.toContain(UNKNOWN);
      }
    }
  });

  test("leaves unknown only what up finds out", () => {
    const differing = up.custom.filter(
      (each) =>
        JSON.stringify(each.inputs) !== JSON.stringify(preview.one(each.name, each.type).inputs),
    );
    expect(differing.map(({ name }) => name).sort()).toEqual(
      [
        ...["converged", "edge-service", "image-app-push", "images-w1-load", "images-w2-load"],
        ...["m1", "m2", "m3", "w1", "w2"].flatMap((name) => [
          `nodes-${name}-container`,
          `swarm-${name}-join`,
        ]),
        ...["nodes-gateway-container", "registry-service", "service-app-service"],
        ...["registry-cert-secret", "registry-htpasswd-secret", "registry-key-secret"],
        ...["secret-app-token-secret", "swarm-api", "swarm-manager"],
      ].sort(),
    );
  });

  test("describes the lab already", () => {
    expect(made.description.nodes).toHaveLength(5);
    expect(made.description.gateway.api).toBe("https://127.0.0.1:20001");
  });
});
