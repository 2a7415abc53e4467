import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findPulumi } from "../../scripts/setup/pulumi-place.ts";
import { PLUGINS, PULUMI_VERSION, usablePulumi } from "../../scripts/setup/versions.ts";
import { scratch, script } from "./setup-support.ts";

const place = scratch();

describe("versions", () => {
  test.each(["v3.256.0", "3.256.1", "v3.300.2\n"])("%j can be used", (text) => {
    expect(usablePulumi(text)).toBe(true);
  });
  test.each(["v3.255.9", "v4.0.0", "v2.300.0", "v3.256.0-alpha.1", "", "pulumi"])(
    "%j cannot",
    (text) => {
      expect(usablePulumi(text)).toBe(false);
    },
  );
  test("the plugins are those of the SDKs in package.json", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    for (const { name, version } of PLUGINS) expect(dependencies[`@pulumi/${name}`]).toBe(version);
    expect(dependencies["@pulumi/pulumi"]).toBe(PULUMI_VERSION);
  });
});

describe("the user's own Pulumi", () => {
  const own = () => join(place.folder, "own");
  test("is used when its version fits and its language host is beside it", async () => {
    script(join(own(), "pulumi"), "echo v3.260.0");
    script(join(own(), "pulumi-language-nodejs"), "");
    process.env.PATH = `${own()}:/usr/bin:/bin`;
    expect(await findPulumi()).toEqual({ bin: own(), from: "path" });
  });
  test("is passed over when it is too old, or without the language host", async () => {
    script(join(own(), "pulumi"), "echo v3.100.0");
    script(join(own(), "pulumi-language-nodejs"), "");
    script(join(place.folder, "half", "pulumi"), "echo v3.260.0");
    process.env.PATH = `${own()}:${join(place.folder, "half")}:/usr/bin:/bin`;
    expect(await findPulumi()).toBeUndefined();
  });
  test("is asked again once it was replaced", async () => {
    script(join(own(), "pulumi"), "echo v3.100.0");
    script(join(own(), "pulumi-language-nodejs"), "");
    process.env.PATH = `${own()}:/usr/bin:/bin`;
    expect(await findPulumi()).toBeUndefined();
    script(join(own(), "pulumi"), "echo v3.260.0 # newer");
    expect((await findPulumi())?.from).toBe("path");
  });
});
