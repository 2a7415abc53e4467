import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DRILLS, drillNamed } from "../../components/drills/catalogue/index.ts";
import { DRILL_NAMES } from "../../components/drills/names.ts";
import { UserError } from "../../components/errors.ts";
import { systemdUnits } from "../../scripts/cli/systemd.ts";
import { groundOf } from "../../scripts/drills/ground.ts";
import { askForDrill, drillRuns } from "../../stacks/drill-runs.ts";
import { DESCRIPTION } from "./cli-status-support.ts";

describe("the catalogue", () => {
  test("has the names that the configuration knows, in their order", () => {
    expect(DRILLS.map(({ name }) => name)).toEqual([...DRILL_NAMES]);
  });

  test("finds each by its name, and lists all for a wrong one", () => {
    for (const drill of DRILLS) expect(drillNamed(drill.name)).toBe(drill);
    expect(() => drillNamed("none")).toThrow(
      new UserError(`drill: got none, need one of ${DRILL_NAMES.join(", ")}`),
    );
  });

  test("has a question, its minutes and its least number of writes for each", () => {
    for (const { name, question, minutes, minimumWrites } of DRILLS) {
      expect(question, name).toMatch(/^[A-Z].+\?$/);
      expect(minutes, name).toBeGreaterThan(0);
      expect(minimumWrites, name).toBeGreaterThanOrEqual(0);
    }
  });

  test("names drills so that they can be parts of files and resources", () => {
    for (const { name } of DRILLS) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

describe("the ground of a lab", () => {
  test("has its nodes, kernel, applications and whether it has a registry", () => {
    const { nodes, kernel } = DESCRIPTION;
    const description = {
      ...DESCRIPTION,
      ...{ expendable: true, app: { service: "app", port: 8080 }, registryVolume: "registry" },
    };
    expect(groundOf(description)).toEqual({
      ...{ nodes, kernel, expendable: true, apps: ["app"], registry: true },
    });
  });

  test("has none of what the lab has not", () => {
    const { app: _, registryVolume: __, ...bare } = DESCRIPTION;
    expect(groundOf({ ...bare, expendable: false })).toMatchObject({
      ...{ expendable: false, apps: [], registry: false },
    });
  });
});

describe("the runs that were asked for", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "swarm-lab-runs-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("are none where nobody asked", () => {
    expect(drillRuns(root, "dev")).toEqual({});
  });

  test("are kept by lab and drill, the last id of each, in the order of the first asking", () => {
    askForDrill(root, "dev", "backup", "one");
    askForDrill(root, "dev", "restore-cluster", "one");
    askForDrill(root, "dev", "backup", "two");
    askForDrill(root, "other", "backup", "three");
    expect(Object.entries(drillRuns(root, "dev"))).toEqual([
      ["backup", "two"],
      ["restore-cluster", "one"],
    ]);
    expect(drillRuns(root, "other")).toEqual({ backup: "three" });
  });

  test("leave nothing half-written, in a folder for the owner alone", () => {
    askForDrill(root, "dev", "backup", "one");
    expect(readdirSync(join(root, ".lab", "dev"))).toEqual(["drills.json"]);
    expect((statSync(join(root, ".lab", "dev")).mode & 0o777).toString(8)).toBe("700");
  });
});

describe("the systemd units", () => {
  const text = systemdUnits("/srv/swarm 100%", "prod", "*-*-* 03:00", "ops");
  const unit = (name: string) =>
    text.split(/^# /m).find((part) => part.startsWith(`/etc/systemd/system/${name}\n`));

  test("are a service that backs up, as the user whose checkout it is", () => {
    expect(unit("swarm-lab-backup-prod.service")?.split("\n")).toEqual(
      expect.arrayContaining([
        ...["Type=oneshot", "User=ops", "WorkingDirectory=/srv/swarm 100%%"],
        "ExecStart=/bin/sh scripts/lab backup --stack prod --keep 14",
      ]),
    );
  });

  test("and a timer that makes up for what it missed", () => {
    expect(unit("swarm-lab-backup-prod.timer")?.split("\n")).toEqual(
      expect.arrayContaining([
        "OnCalendar=*-*-* 03:00",
        "Persistent=true",
        "WantedBy=timers.target",
      ]),
    );
  });

  test("end with what to type", () => {
    expect(text).toMatch(
      /\n# Then: systemctl daemon-reload && systemctl enable --now swarm-lab-backup-prod\.timer$/,
    );
  });
});
