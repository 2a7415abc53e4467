import { describe, expect, test } from "vitest";
import { UserError } from "../../components/errors.ts";
import type { KernelFeatures } from "../../components/nodes/types.ts";
import {
  decideEncryption,
  decideNetworkMode,
  type NetworkWish,
  networkWarnings,
} from "../../components/swarm/network-mode.ts";

const full: KernelFeatures = {
  ...{ release: "6.12.0", vxlan: true, esp: true },
  ...{ xtMatch: true, ipvs: true, netem: true, nfs: true },
};
const kernel = (changes: Partial<KernelFeatures>) => ({ ...full, ...changes });
const auto: NetworkWish = { encryption: "auto", endpointMode: "auto", publish: "auto" };

describe("an overlay is encrypted", () => {
  test.each<[NetworkWish["encryption"]]>([["auto"], ["required"]])(
    "when it is %s and the kernel can",
    (wish) => {
      expect(decideEncryption(wish, full)).toEqual({
        inForce: true,
        reason: "every node's kernel (6.12.0) can",
      });
    },
  );
});

describe("an overlay is not encrypted", () => {
  test.each<[string, Partial<KernelFeatures>, string]>([
    ["without ESP", { esp: false }, "no ESP transform"],
    ["without a match for its packets", { xtMatch: false }, "no xt_bpf or xt_policy"],
    ["without both", { esp: false, xtMatch: false }, "no ESP transform and no xt_bpf or xt_policy"],
  ])("%s, and says so", (_, lacks, reason) => {
    expect(decideEncryption("auto", kernel(lacks))).toEqual({
      inForce: false,
      reason: `kernel 6.12.0 has ${reason}: overlay traffic is NOT encrypted`,
    });
  });

  test("when it is switched off, whatever the kernel can", () => {
    expect(decideEncryption("off", full)).toEqual({
      inForce: false,
      reason: "switched off in the configuration",
    });
  });

  test("but refused when it must be", () => {
    const decide = () => decideEncryption("required", kernel({ esp: false }));
    expect(decide).toThrow(UserError);
    expect(decide).toThrow(
      "swarm-lab:network.encryption: got required, need a kernel with ESP, xt_bpf and xt_policy: kernel 6.12.0 has no ESP transform, and overlay traffic would silently be lost; set it to auto, or use nodes with a stock kernel",
    );
  });
});

describe("with IPVS", () => {
  test("services have virtual addresses and the mesh publishes them", () => {
    const { endpointMode, publish } = decideNetworkMode(auto, full);
    const reason = "kernel 6.12.0 has IPVS";
    expect(endpointMode).toEqual({ inForce: "vip", reason });
    expect(publish).toEqual({ inForce: "ingress", reason });
  });

  test("what is chosen is in force", () => {
    const wish: NetworkWish = { ...auto, endpointMode: "dnsrr", publish: "host" };
    const { endpointMode, publish } = decideNetworkMode(wish, full);
    const reason = "chosen in the configuration";
    expect(endpointMode).toEqual({ inForce: "dnsrr", reason });
    expect(publish).toEqual({ inForce: "host", reason });
  });
});

describe("without IPVS", () => {
  const poor = kernel({ ipvs: false });
  test("services have names and the edge publishes them", () => {
    const { endpointMode, publish } = decideNetworkMode(auto, poor);
    const lack = "kernel 6.12.0 has no IPVS";
    expect(endpointMode).toEqual({
      inForce: "dnsrr",
      reason: `${lack}: a service VIP would not answer`,
    });
    expect(publish).toEqual({
      inForce: "host",
      reason: `${lack}: the ingress mesh would not answer`,
    });
  });

  test("what needs none can be chosen", () => {
    const wish: NetworkWish = { ...auto, endpointMode: "dnsrr", publish: "host" };
    const { endpointMode, publish } = decideNetworkMode(wish, poor);
    expect([endpointMode.inForce, publish.inForce]).toEqual(["dnsrr", "host"]);
  });

  test.each<[Partial<NetworkWish>, string]>([
    [{ endpointMode: "vip" }, "swarm-lab:network.endpointMode: got vip, need IPVS for it"],
    [{ publish: "ingress" }, "swarm-lab:network.publish: got ingress, need IPVS for it"],
  ])("%j is refused", (wish, message) => {
    const decide = () => decideNetworkMode({ ...auto, ...wish }, poor);
    expect(decide).toThrow(UserError);
    expect(decide).toThrow(message);
  });
});

describe("a person is warned", () => {
  const warnings = (wish: Partial<NetworkWish>, lacks: Partial<KernelFeatures> = {}) => {
    const whole = { ...auto, ...wish };
    return networkWarnings(whole, decideNetworkMode(whole, kernel(lacks)));
  };

  test("that overlays are in clear where they would usually not be", () => {
    expect(warnings({}, { esp: false })).toEqual([
      "swarm-lab:network.encryption: got auto, and kernel 6.12.0 has no ESP transform: overlay traffic is NOT encrypted; use nodes with a stock kernel where it must be",
    ]);
  });

  test("of nothing that was wished for, and of nothing that is well", () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ encryption: "off" }, { esp: false })).toEqual([]);
  });
});
