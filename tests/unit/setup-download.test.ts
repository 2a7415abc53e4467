import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../components/errors.ts";
import { checksumOf, recentFailure, rememberFailure } from "../../scripts/setup/downloads.ts";
import { downloadRelease, tarballName, tryDownload } from "../../scripts/setup/pulumi.ts";
import { findPulumi } from "../../scripts/setup/pulumi-place.ts";
import { PULUMI_VERSION } from "../../scripts/setup/versions.ts";
import { scratch, script } from "./setup-support.ts";

const place = scratch();

describe("the official download", () => {
  let server: Server | undefined;
  let files: Record<string, Buffer> = {};
  const name = tarballName(process.platform, process.arch);
  const sums = `pulumi-${PULUMI_VERSION}-checksums.txt`;
  const serve = async () => {
    server = createServer((request, response) => {
      const file = files[(request.url ?? "").slice(1)];
      response.statusCode = file === undefined ? 404 : 200;
      response.end(file);
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  beforeEach(() => {
    script(join(place.folder, "make", "pulumi", "pulumi"), "echo v3.256.0");
    script(join(place.folder, "make", "pulumi", "pulumi-language-nodejs"), "");
    const tarball = execFileSync("tar", ["-C", join(place.folder, "make"), "-czf", "-", "pulumi"]);
    const sum = createHash("sha256").update(tarball).digest("hex");
    files = { [name]: tarball, [sums]: Buffer.from(`${sum}  ${name}\n${"0".repeat(64)}  other\n`) };
  });
  afterEach(() => server?.close());

  test("is checked, unpacked and then found", async () => {
    await downloadRelease(await serve());
    process.env.PATH = "/usr/bin:/bin";
    expect((await findPulumi())?.from).toBe("download");
    expect(readdirSync(join(place.folder, "cache", "swarm-lab"))).toEqual([
      `pulumi-${PULUMI_VERSION}`,
    ]);
  });

  test("that is not what the checksums say is refused, and nothing of it is left", async () => {
    files[name] = Buffer.concat([files[name] ?? Buffer.of(), Buffer.from("x")]);
    await expect(downloadRelease(await serve())).rejects.toThrow(
      /got SHA-256 .*, need .*: not used/,
    );
    expect(readdirSync(join(place.folder, "cache", "swarm-lab"))).toEqual([]);
  });

  test("that is not there says its address and the answer", async () => {
    files = {};
    await expect(downloadRelease(await serve())).rejects.toThrow(/checksums\.txt: .* answers 404/);
  });

  test("that cannot be reached says why", async () => {
    const base = await serve();
    server?.close();
    await expect(downloadRelease(base)).rejects.toThrow(/ECONNREFUSED/);
  });

  test("is not tried again within the hour", async () => {
    let tries = 0;
    const failing = async () => {
      tries += 1;
      throw new UserError("no way there");
    };
    const said: string[] = [];
    expect(await tryDownload("Pulumi", (line) => said.push(line), failing)).toBe(false);
    expect(await tryDownload("Pulumi", (line) => said.push(line), failing)).toBe(false);
    expect(tries).toBe(1);
    expect(said[1]).toMatch(/one failed within the hour/);
  });

  test("is tried again after the hour", async () => {
    await rememberFailure("then");
    expect(await recentFailure()).toBe("then");
    expect(await recentFailure(Date.now() + 3_600_001)).toBeUndefined();
  });

  test("a bug in it is no failed download", async () => {
    const bug = async () => {
      throw new TypeError("x is not a function");
    };
    await expect(tryDownload("Pulumi", () => undefined, bug)).rejects.toThrow(TypeError);
    expect(await recentFailure()).toBeUndefined();
  });

  test.each(["", "abc  name", `${"0".repeat(64)}  another-name`])(
    "checksums %j have none for it",
    (text) => {
      expect(() => checksumOf(text, "name")).toThrow(/got none for name/);
    },
  );
});
