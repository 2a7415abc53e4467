import { describe, expect, test } from "vitest";
import { overlayKeys } from "../../components/drills/catalogue/overlay-keys.ts";
import type { DrillGround } from "../../components/drills/drill.ts";
import type { KernelFeatures } from "../../components/nodes/types.ts";
import { judgeTests } from "./drill-judge-support.ts";

const FIRST = "requests cross it, encrypted";
const LEADERLESS = "they do without a leader as well";

// Its evidence is written by hand: no kernel with ESP has run it yet.
describe("the judge of overlay-keys", () => {
  judgeTests(overlayKeys, [
    [
      "the network is a plain one",
      (facts) => {
        facts.encrypted = "{}";
      },
      "the network is encrypted",
    ],
    [
      "requests cross beside the kernel's ESP",
      (facts) => {
        facts.first.after.bytes = facts.first.before.bytes;
      },
      FIRST,
    ],
    [
      "there are no keys",
      (facts) => {
        facts.first.after.spis = [];
      },
      FIRST,
    ],
    [
      "requests fail without a leader",
      (facts) => {
        facts.leaderless.answered = 12;
      },
      LEADERLESS,
    ],
    [
      "the leader was not lost",
      (facts) => {
        facts.leaders[1] = facts.leaders[0];
      },
      "another leader takes over",
    ],
    [
      "the keys were rotated meanwhile",
      (facts) => {
        facts.leaderless.after.spis = ["0x1"];
      },
      "a change of leaders changes no key: they are rotated after 12 hours of one leader",
    ],
    [
      "the restarted node has no keys",
      (facts) => {
        facts.restarted.after.spis = [];
      },
      "a node that was restarted is given the keys again",
    ],
  ]);

  test("names what the kernel lacks", () => {
    const kernel: KernelFeatures = {
      ...{
        release: "6.18",
        vxlan: true,
        esp: false,
        xtMatch: true,
        ipvs: true,
        netem: true,
        nfs: true,
      },
    };
    const ground = (more: Partial<KernelFeatures>): DrillGround => ({
      ...{ nodes: [], expendable: true, kernel: { ...kernel, ...more }, apps: ["app"] },
      registry: true,
    });
    expect(overlayKeys.needs(ground({}))).toMatch(/6\.18.* no IPsec ESP/);
    expect(overlayKeys.needs(ground({ esp: true, xtMatch: false }))).toMatch(/xt_bpf/);
    expect(overlayKeys.needs(ground({ esp: true }))).toMatch(/managers/);
  });
});
