import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BASE_IMAGE, IMAGE_NAMES, type ImageName, imageTag } from "../../scripts/images.ts";

const IMAGES = fileURLToPath(new URL("../../scripts/images/", import.meta.url));
/** With the default of its base, where it can be given another. */
function dockerfile(name: string): string {
  const text = readFileSync(join(IMAGES, name, "Dockerfile"), "utf8");
  return text.replace("$BASE", /^ARG BASE=(\S+)$/m.exec(text)?.[1] ?? "");
}

describe("the tag of an image", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-lab-test-"));
    cpSync(join(IMAGES, "node"), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("names the image and twelve digits of what it is made from", () => {
    for (const name of IMAGE_NAMES) {
      expect(imageTag(name)).toMatch(new RegExp(`^swarm-lab/${name}:[0-9a-f]{12}$`));
    }
  });

  it("is another one on another base", () => {
    const digits = (name: ImageName) => imageTag(name).split(":")[1];
    expect(imageTag("node-previous")).toMatch(/^swarm-lab\/node-previous:/);
    expect(digits("node-previous")).not.toBe(digits("node"));
  });

  it("is the same for a copy with other times and other bits for group and others", () => {
    utimesSync(join(folder, "Dockerfile"), 1, 1);
    chmodSync(join(folder, "Dockerfile"), 0o600);
    chmodSync(join(folder, "wait-engine"), 0o700);
    expect(imageTag("node", folder)).toBe(imageTag("node"));
  });

  const changes: Record<string, () => void> = {
    "a changed line": () => writeFileSync(join(folder, "wait-engine"), "#!/bin/sh\nexit 0\n"),
    "a new file": () => writeFileSync(join(folder, "extra"), ""),
    "a file gone": () => rmSync(join(folder, "wait-engine")),
    "another name": () => renameSync(join(folder, "wait-engine"), join(folder, "wait-engines")),
    "a lost executable bit": () => chmodSync(join(folder, "wait-engine"), 0o644),
  };
  it.each(Object.keys(changes))("is another one after %s", (what) => {
    changes[what]?.();
    expect(imageTag("node", folder)).not.toBe(imageTag("node"));
  });
});

describe.each(IMAGE_NAMES)("the %s image", (name) => {
  it("starts from the one base image and from nothing else but scratch", () => {
    const bases = [...dockerfile(name).matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases[0]).toBe(BASE_IMAGE);
    expect(bases.filter((base) => base !== BASE_IMAGE && base !== "scratch")).toEqual([]);
  });

  it("copies files that are there, and has scripts that a shell can read and start", () => {
    const copied = [...dockerfile(name).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, files = ""]) => files.split(" "),
    );
    const there = readdirSync(join(IMAGES, name));
    expect([...copied, "Dockerfile"].sort()).toEqual(there.sort());
    for (const file of there) {
      const path = join(IMAGES, name, file);
      if (!readFileSync(path, "utf8").startsWith("#!")) continue;
      expect(statSync(path).mode & 0o111, `${file} is executable`).toBe(0o111);
      execFileSync("sh", ["-n", path]);
    }
  });
});

it("installs the packages of the small images in one and the same line, so that one layer serves three", () => {
  const install = (name: ImageName) => /^RUN apt-get(?:.*\\\n)*.*$/m.exec(dockerfile(name))?.[0];
  expect(install("registry")).toBe(install("gateway"));
  expect(install("app")).toBe(install("gateway"));
});

describe("json-string of the app image", () => {
  const script = join(IMAGES, "app/json-string");
  const env = { ...process.env, LC_ALL: "C" };
  const quote = (bytes: Uint8Array) =>
    execFileSync("sh", [script], { input: Buffer.from(bytes), env }).toString("utf8");
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

  it.each([
    ["nothing", ""],
    ["quotes and backslashes", 'say "hi" \\ \\"'],
    ["control characters", "a\tb\nc\u0000d\u0007e\u007f"],
    ["other alphabets", "Zürich 東京 🐳"],
  ])("quotes %s", (_, text) => {
    expect(JSON.parse(quote(Buffer.from(text)))).toBe(text);
  });

  it("makes a JSON string of any bytes, as a browser would read them", () => {
    const nasty = fc.constantFrom(0xc0, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x80, 0x9f, 0xa0, 0xbf);
    const bytes = fc.array(fc.oneof(nasty, fc.integer({ min: 0, max: 255 })), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, (values) => {
        const input = Uint8Array.from(values);
        expect(JSON.parse(quote(input))).toBe(utf8.decode(input));
      }),
      { numRuns: 60 },
    );
  });
});
