import { describe, expect, test } from "vitest";
import { configText } from "../../scripts/cli/doctor-config.ts";
import type { MachineFacts } from "../../scripts/cli/doctor-facts.ts";
import { doctorRows } from "../../scripts/cli/doctor-rows.ts";
import { FULL_KERNEL } from "../support/fixtures.ts";

const GIB = 2 ** 30;
const FACTS: MachineFacts = {
  host: "unix:///var/run/docker.sock",
  client: "28.2.2",
  engine: {
    version: "26.1.5",
    kernel: "6.12",
    os: "linux",
    cgroup: "2",
    storage: "overlay2",
    root: "/var/lib/docker",
    cpus: 2,
    memory: 8 * GIB,
  },
  freeDisk: 20 * GIB,
  kernel: FULL_KERNEL,
  node: "v24.9.0",
  pulumi: "/opt/pulumi",
  plugins: [{ name: "docker 5.2.0", there: true }],
  nodes: 5,
  ports: { api: 20001 },
  problems: [],
};

const verdictsOf = (facts: MachineFacts) =>
  doctorRows(facts).filter(({ verdict }) => verdict !== "ok");
const engine = (change: Partial<MachineFacts["engine"]>) => ({
  ...FACTS,
  engine: { ...FACTS.engine, ...change },
});
const kernel = (change: Partial<typeof FULL_KERNEL>) => ({
  ...FACTS,
  kernel: { ...FULL_KERNEL, ...change },
});

describe("the doctor", () => {
  test("finds nothing wrong with a good machine", () => {
    expect(verdictsOf(FACTS)).toEqual([]);
  });

  test.each<[string, MachineFacts, string, RegExp]>([
    ["little disk", { ...FACTS, freeDisk: 4 * GIB }, "problem", /4\.0 GiB free in .*need 5\.0 GiB/],
    ["little memory", engine({ memory: GIB }), "problem", /1\.0 GiB for 5 nodes.*need 1250 MiB/],
    ["no VXLAN", kernel({ vxlan: false }), "problem", /no overlay networks/],
    ["no ESP", kernel({ esp: false }), "lack", /no ESP.*not encrypted/],
    ["no packet match", kernel({ xtMatch: false }), "lack", /no xt_bpf.*not encrypted/],
    ["neither", kernel({ esp: false, xtMatch: false }), "lack", /no ESP and no xt_bpf/],
    ["no IPVS", kernel({ ipvs: false }), "lack", /no service VIPs and no ingress mesh/],
    ["no NFS", kernel({ nfs: false }), "lack", /no volumes that nodes share/],
    ["no netem", kernel({ netem: false }), "lack", /delayed or lost packets/],
    ["a kernel not asked yet", { ...FACTS, kernel: undefined }, "lack", /node image .* not there/],
    ["one processor", engine({ cpus: 1 }), "lack", /longer/],
    ["no overlay2", engine({ storage: "vfs" }), "lack", /full copy/],
    ["no Linux", engine({ os: "windows" }), "problem", /Linux/],
    ["no Pulumi", { ...FACTS, pulumi: undefined }, "lack", /npm run up/],
    [
      "a taken port",
      { ...FACTS, problems: [{ where: "ports.api", got: "20001 in use", need: "a free one" }] },
      "problem",
      /20001 in use.*need a free one/,
    ],
  ])("says what %s means", (_, facts, verdict, says) => {
    const found = verdictsOf(facts);
    expect(found).toHaveLength(1);
    expect(found[0]?.verdict).toBe(verdict);
    expect(`${found[0]?.found} ${found[0]?.means}`).toMatch(says);
  });

  test("reads settings as Pulumi hands them over", () => {
    const yaml = "config:\n  a:n: 3\n  a:t: text\n  a:l: [x, y]\n  a:o:\n    k: {secure: v1:x}\n";
    expect(configText(yaml)).toEqual({
      "a:n": "3",
      "a:t": "text",
      "a:l": '["x","y"]',
      "a:o": '{"k":"encrypted"}',
    });
    expect(configText("")).toEqual({});
  });
});
