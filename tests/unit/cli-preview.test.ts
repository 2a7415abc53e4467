import { describe, expect, test } from "vitest";
import { POLICIES } from "../../scripts/cli/paths.ts";
import { previewArguments } from "../../scripts/cli/preview.ts";

const CONFIG = ["--config-file", "/c"];
const start = ["preview", "--stack", "dev", "--non-interactive", ...CONFIG];

describe("npm run preview", () => {
  test("has what it shows judged by the policies, and hands on what else it is told", () => {
    const args = previewArguments({ stack: "dev", policy: true, extra: ["--diff"] }, CONFIG);
    expect(args).toEqual([...start, "--policy-pack", POLICIES, "--diff"]);
  });

  test("leaves them out where that is asked for", () => {
    expect(previewArguments({ stack: "dev", policy: false, extra: [] }, CONFIG)).toEqual(start);
  });
});
