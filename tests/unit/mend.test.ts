import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { NodeEntry } from "../../components/swarm/node-list.ts";
import { recordedMembers } from "../../scripts/cli/recorded-members.ts";
import { markMended, markUnmended, unmendedRuns } from "../../scripts/drills/unmended.ts";
import type { LocalState } from "../../scripts/swarm/managers.ts";
import { allReady, ghostsOf, isOutside } from "../../scripts/swarm/mend-members.ts";
import { askForDrill, drillRuns, forgetDrill } from "../../stacks/drill-runs.ts";

const entry = (id: string, hostname: string, managerStatus = ""): NodeEntry => ({
  ...{ id, hostname, status: "Ready", availability: "active", managerStatus },
  engineVersion: "26.1.5",
});
const says = (state: LocalState["state"], nodeId = ""): LocalState => ({
  ...{ state, nodeId, error: "", clusterId: "" },
});
const entries = [entry("1", "m1", "Leader"), entry("2", "w1")];

describe("a node is outside the swarm", () => {
  test.each<[string, LocalState | undefined, { always: boolean; afterDrill: boolean }]>([
    ["that is in none", says("inactive"), { always: true, afterDrill: true }],
    ["whose id nobody lists", says("active", "9"), { always: false, afterDrill: true }],
    ["whose certificate nobody takes", says("error", "9"), { always: false, afterDrill: true }],
    ["that is listed under its id", says("active", "2"), { always: false, afterDrill: false }],
    ["that is listed and has an error", says("error", "2"), { always: false, afterDrill: false }],
    ["that is locked: it may be one", says("locked", "9"), { always: false, afterDrill: false }],
    ["that looks for its swarm", says("pending", "2"), { always: false, afterDrill: false }],
    ["that looks for it in vain", says("pending", "9"), { always: false, afterDrill: true }],
    ["that does not answer", undefined, { always: false, afterDrill: false }],
  ])("%s", (_, state, { always, afterDrill }) => {
    expect(isOutside(state, entries, { afterDrill: false })).toBe(always);
    expect(isOutside(state, entries, { afterDrill: true })).toBe(afterDrill);
  });
});

describe("no engine is asked", () => {
  const down = (one: NodeEntry): NodeEntry => ({ ...one, status: "Down" });
  test.each<[string, NodeEntry[], boolean]>([
    ["when every member is listed and Ready", entries, true],
    ["unless one is Down", [entry("1", "m1", "Leader"), down(entry("2", "w1"))], false],
    ["unless one is missing", [entry("1", "m1", "Leader")], false],
    ["unless there is one too many", [...entries, entry("3", "w2")], false],
    ["unless two have one name", [entry("1", "w1"), entry("2", "w1")], false],
    ["unless a ghost has its name", [...entries, down(entry("3", "w1"))], false],
  ])("%s", (_, listed, ready) => {
    expect(allReady(listed, ["m1", "w1"])).toBe(ready);
  });
});

describe("an entry stands for no node", () => {
  const nodes = [{ name: "m1" }, { name: "w1" }];

  test("when the node of its name has another id, or there is none", () => {
    const listed = [...entries, entry("3", "w1"), entry("4", "w1-spare")];
    const states = [says("active", "1"), says("active", "3")];
    expect(ghostsOf(listed, states, nodes).map(({ id }) => id)).toEqual(["2", "4"]);
  });

  test("and stays while nothing is known of its node", () => {
    expect(ghostsOf(entries, [says("active", "1"), undefined], nodes)).toEqual([]);
    expect(ghostsOf(entries, [says("active", "1"), says("inactive")], nodes)).toEqual([]);
  });
});

test("what the nodes are to be is read from the steps that made them members", () => {
  const member = { node: { name: "m1" }, spec: { availability: "drain", labels: { zone: "a" } } };
  const environment = { LAB_MEMBER: JSON.stringify(member) };
  const step = { urn: "urn:m1-join", type: "command:local:Command", inputs: { environment } };
  const other = { urn: "urn:x", type: "command:local:Command", inputs: { environment: {} } };
  const leaving = { ...step, delete: true };
  const state = { resources: [step, other, leaving], pending: [], outputs: {} };
  expect(recordedMembers(state)).toEqual([member]);
  expect(recordedMembers(undefined)).toEqual([]);
});

describe("a run that never mended its lab", () => {
  test("is found under any swarm of the lab, until it is mended", async () => {
    const reports = mkdtempSync(join(tmpdir(), "swarm-lab-reports-"));
    expect(await unmendedRuns(join(reports, "none"))).toEqual([]);
    const folder = join(reports, "abcdefgh", "1-partition");
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(reports, "abcdefgh", "2-backup"));
    writeFileSync(join(reports, "abcdefgh", "2-backup", "verdict.json"), "{}");
    await markUnmended(folder, { drill: "partition", runId: "1" });
    expect(await unmendedRuns(reports)).toEqual([{ drill: "partition", runId: "1", folder }]);
    await markMended(folder);
    expect(await unmendedRuns(reports)).toEqual([]);
  });

  test("is asked for no more, and no other run is forgotten", () => {
    const root = mkdtempSync(join(tmpdir(), "swarm-lab-runs-"));
    askForDrill(root, "dev", "partition", "1");
    askForDrill(root, "dev", "backup", "2");
    forgetDrill(root, "dev", "partition", "another");
    expect(drillRuns(root, "dev")).toEqual({ partition: "1", backup: "2" });
    forgetDrill(root, "dev", "partition", "1");
    expect(drillRuns(root, "dev")).toEqual({ backup: "2" });
  });
});
