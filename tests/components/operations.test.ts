import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { Backup } from "../../components/backup/backup-run.ts";
import { Restore } from "../../components/backup/restore-run.ts";
import { DrillRun } from "../../components/drills/drill-run.ts";
import { ARGS } from "../support/component-args.ts";
import { buildLab, ROOT } from "../support/fixtures.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import { environmentOf, type Recording } from "../support/recording.ts";

const ASKED = {
  backup: { run: "b1" },
  restore: { run: "r1", from: "a-backup" },
  drills: { backup: "d1", "restore-cluster": "d2" },
};
const STEPS = ["restore-r1", "backup-b1", "drill-backup-d1", "drill-restore-cluster-d2"];
const operations = (recording: Recording) =>
  recording.steps.filter(({ name }) => /^(restore|backup|drill)-/.test(name));

describe("a lab that was asked for a restore, a backup and drills", () => {
  const build = () => record(() => buildLab(ASKED));

  test("does each once, by its run id", async () => {
    const { recording } = await build();
    expect(operations(recording).map(({ name }) => name)).toEqual(STEPS);
    expect(operations(recording).map(({ inputs }) => inputs.create)).toEqual([
      ...["node scripts/backup/run-restore.ts", "node scripts/backup/run-backup.ts"],
      ...["node scripts/drills/run.ts", "node scripts/drills/run.ts"],
    ]);
    for (const { name, inputs } of operations(recording))
      expect(inputs, name).not.toHaveProperty("delete");
  });

  test("does one after the other, and the first when the lab is whole", async () => {
    const { recording } = await build();
    STEPS.forEach((name, at) => {
      const needs = recording.allDependencies(recording.one(name));
      expect(needs, name).toContain("converged");
      for (const other of STEPS)
        expect(needs.has(other), `${name} after ${other}`).toBe(STEPS.indexOf(other) < at);
    });
  });

  test("runs none again because the lab is described otherwise", async () => {
    const { recording } = await build();
    for (const { name, inputs, options } of operations(recording)) {
      const ignored = options.ignoreChanges;
      for (const variable of Object.keys(inputs.environment as object))
        expect(
          ignored.includes("environment") || ignored.includes(`environment.${variable}`),
          `${name}: ${variable}`,
        ).toBe(true);
      expect(inputs, name).not.toHaveProperty("triggers");
    }
  });

  test("tells each the lab, and each drill where its reports go", async () => {
    const { made, recording } = await build();
    const said = (name: string) => environmentOf(recording.one(name));
    const description = JSON.parse(JSON.stringify(made.description)) as unknown;
    expect(said("restore-r1")).toEqual({
      LAB_RESTORE: { description, from: "a-backup", clusterId: "cluster-1" },
    });
    expect(said("backup-b1")).toEqual({ LAB_BACKUP: { description, registry: true } });
    expect(said("drill-backup-d1")).toMatchObject({
      LAB_DRILL: {
        ...{ name: "backup", runId: "d1", description },
        reports: `${ROOT}/reports/dev/cluster-`,
      },
    });
  });

  test("shows no password of the registry's", async () => {
    const { recording } = await build();
    for (const { name, wire } of operations(recording))
      expect(clearText(wire), name).not.toContain("REGISTRY-PASSWORD");
  });

  test("tells the verdict of each drill", async () => {
    const { made } = await build();
    expect(Object.keys(made.drills)).toEqual(["backup", "restore-cluster"]);
    const verdict = made.drills["restore-cluster"];
    expect(verdict && (await promiseOf(verdict))).toMatchObject({
      ...{ drill: "restore-cluster", runId: "d2", verdict: "passed" },
    });
  });

  test("runs a drill again under another id, beside nothing else that is new", async () => {
    const names = async (runId: string) => {
      const drills = { ...ASKED.drills, backup: runId };
      const { recording } = await record(() => buildLab({ ...ASKED, drills }));
      return recording.all.map(({ urn }) => urn);
    };
    const [before, after] = [await names("d1"), await names("d9")];
    const added = after.filter((urn) => !before.includes(urn));
    expect(added.map((urn) => urn.slice(urn.lastIndexOf("::") + 2))).toEqual(["drill-backup-d9"]);
  });
});

test("a lab that was asked for nothing does nothing", async () => {
  for (const asked of [{}, { restore: { from: "a-backup" } }]) {
    const { made, recording } = await record(() => buildLab(asked));
    expect(operations(recording)).toEqual([]);
    expect(recording.all.filter(({ type }) => /:(backup|drills):/.test(type))).toEqual([]);
    expect(made.drills).toEqual({});
  }
});

test("nothing runs in a preview, and nobody waits for what is not known yet", async () => {
  const { recording } = await record(() => buildLab(ASKED), { preview: true });
  expect(operations(recording).map(({ name }) => name)).toEqual(STEPS);
});

describe.each([
  ["Backup", "LAB_BACKUP", () => new Backup("x", ARGS.Backup())],
  ["Restore", "LAB_RESTORE", () => new Restore("x", ARGS.Restore())],
])("%s", (_, variable, make) => {
  test("has its passphrase encrypted, in the environment alone, and none of it forces a run", async () => {
    const { recording } = await record<pulumi.Resource>(make);
    const step = recording.one("x-one");
    expect(environmentOf(step)).toMatchObject({ LAB_BACKUP_PASSPHRASE: "BACKUP-PASSPHRASE" });
    expect(clearText(step.wire)).not.toContain("BACKUP-PASSPHRASE");
    expect(String(step.inputs.create)).not.toContain("BACKUP-PASSPHRASE");
    expect(step.options.ignoreChanges).toEqual([
      `environment.${variable}`,
      "environment.LAB_BACKUP_PASSPHRASE",
    ]);
  });
});

test("without a passphrase there is no variable for one", async () => {
  const { passphrase: _, ...args } = ARGS.Backup();
  const { recording } = await record(() => new Backup("x", args));
  expect(Object.keys(environmentOf(recording.one("x-one")))).toEqual(["LAB_BACKUP"]);
});

test("results are what the programs printed", async () => {
  const { made } = await record(() => ({
    backup: new Backup("b", ARGS.Backup()).result,
    restore: new Restore("r", ARGS.Restore()).result,
    verdict: new DrillRun("d", ARGS.DrillRun()).verdict,
  }));
  expect(await promiseOf(made.backup)).toEqual({ name: "a-backup", where: "/b/a-backup" });
  expect(await promiseOf(made.restore)).toEqual({ backup: "a-backup", differences: [] });
  expect(await promiseOf(made.verdict)).toEqual({
    ...{ drill: "backup", runId: "one", verdict: "passed" },
  });
});
