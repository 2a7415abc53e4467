import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findToolchain } from "../../scripts/toolchain/build.ts";
import { CONTRACTS } from "./contracts.ts";
import { Plugin } from "./schema-shape.ts";
import { Sdk } from "./sdk-shape.ts";
import { differences } from "./shape.ts";

// There is one to check where the official downloads cannot be reached: there set-up has built it.
const built = await findToolchain();

/** What an SDK's class sets as a resource option, out of its plugin's schema. */
function sdkOption(sdk: string, file: string, option: string): string[] {
  const root = dirname(createRequire(import.meta.url).resolve(`${sdk}/package.json`));
  const text = readFileSync(join(root, `${file}.js`), "utf8");
  const list = new RegExp(`${option}: (\\[.*?\\])[ ,}]`).exec(text)?.[1];
  return list === undefined ? [] : (JSON.parse(list) as string[]);
}

// Where the official plugins were downloaded there is none of ours to hold against the contract.
for (const contract of CONTRACTS) {
  describe.skipIf(built === undefined)(`offline plugin for ${contract.sdk}`, () => {
    let plugin: Plugin;
    let sdk: Sdk;
    beforeAll(async () => {
      if (built === undefined) throw new Error("no offline toolchain");
      plugin = await Plugin.of(join(built.plugins, contract.plugin), built.bin);
      sdk = new Sdk(contract.sdk);
    }, 60_000);

    test("serves these tokens and no others", () => {
      const wanted = [contract.resources, contract.functions].flatMap(Object.keys).sort();
      expect(plugin.tokens).toEqual(wanted);
    });

    test("its provider takes what ProviderArgs has", () => {
      const wanted = sdk.inputs("provider", "ProviderArgs");
      expect(differences(wanted, plugin.providerInputs(), "Provider")).toEqual([]);
    });

    for (const [token, [file, name]] of Object.entries(contract.functions)) {
      test(`${token} takes what ${name}Args has`, () => {
        const wanted = sdk.inputs(file, `${name}Args`);
        expect(differences(wanted, plugin.functionInputs(token), name)).toEqual([]);
      });
    }

    for (const [token, [file, name]] of Object.entries(contract.resources)) {
      test(`${token} takes what ${name}Args has`, () => {
        const found = differences(sdk.inputs(file, `${name}Args`), plugin.inputs(token), name);
        expect(found).toEqual([]);
      });

      test(`${token} gives what ${name} has`, () => {
        const found = differences(sdk.outputs(file, name), plugin.outputs(token), name);
        expect(found).toEqual([]);
      });

      test(`${token} keeps the same outputs secret`, () => {
        const wanted = sdkOption(contract.sdk, file, "additionalSecretOutputs");
        expect(plugin.outputsWith(token, "secret")).toEqual(wanted);
      });

      test(`${token} is replaced for the same changes`, () => {
        const wanted = sdkOption(contract.sdk, file, "replaceOnChanges");
        const found = plugin.outputsWith(token, "replaceOnChanges");
        expect(found.map((name) => `${name}[*]`)).toEqual(wanted);
      });
    }
  });
}
