import { describe, expect, test } from "vitest";
import { restoreCluster } from "../../components/drills/catalogue/restore-cluster.ts";
import {
  judgeRestore,
  type RestoreFacts,
} from "../../components/drills/catalogue/whole-restore.ts";
import type { Evidence } from "../../components/drills/evidence.ts";
import { judge } from "../../components/drills/verdict.ts";
import { savedEvidence } from "./drill-evidence-support.ts";
import { NODE_ID, RESTORE_CASES } from "./drill-restore-cases.ts";

/** Facts that may be changed, at whatever depth. */
type Open<T> = T extends object ? { -readonly [K in keyof T]: Open<T[K]> } : T;
type Change = (facts: Open<RestoreFacts>, evidence: Evidence) => void;

const evidence = (change: Change = () => undefined) => {
  const saved = savedEvidence("restore-cluster");
  change(saved.facts as unknown as Open<RestoreFacts>, saved);
  return saved;
};
const failed = (change: Change) =>
  judgeRestore(evidence(change))
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);
const verdictOf = (saved: Evidence) => judge(saved, restoreCluster.judge(saved), { minimum: 3 });
const SECRETS = "tasks that are started anew read the same secrets";
const KEPT = "tasks on workers were not restarted";

describe("the judge of restores", () => {
  test("lets a real run pass", () => {
    const { verdict, reason } = verdictOf(evidence());
    expect([verdict, reason]).toEqual([
      "passed",
      "all 17 checks hold, 0 of 27 acknowledged writes lost",
    ]);
  });

  test.each<readonly [string, Change, string]>([
    ...RESTORE_CASES,
    [
      "nobody looked whether the swarm was gone",
      (facts) => {
        facts.gone = [];
      },
      "every manager had lost the swarm",
    ],
    [
      "the restored manager is not in the list",
      (facts) => {
        const { name } = facts.manifest.node;
        facts.after.nodes = facts.after.nodes.filter(({ hostname }) => hostname !== name);
      },
      NODE_ID,
    ],
    [
      "a container is gone",
      (facts) => {
        facts.containersAfter = facts.containersAfter.slice(1);
      },
      KEPT,
    ],
    [
      "there were no containers",
      (facts) => {
        facts.containersBefore = [];
      },
      KEPT,
    ],
    [
      "a task reads another secret",
      (facts) => {
        const [id = ""] = Object.keys(facts.secretsAfter);
        facts.secretsAfter[id] = "another";
      },
      SECRETS,
    ],
    [
      "the tasks are the old ones, which have read their secrets long ago",
      (facts) => {
        facts.secretsAfter = facts.secretsBefore;
      },
      SECRETS,
    ],
    [
      "one task is an old one",
      (facts) => {
        facts.secretsAfter = {
          ...facts.secretsAfter,
          ...Object.fromEntries(Object.entries(facts.secretsBefore).slice(0, 1)),
        };
      },
      SECRETS,
    ],
    [
      "no task answered",
      (facts) => {
        facts.secretsAfter = {};
      },
      SECRETS,
    ],
  ])("fails when %s", (_, change, name) => {
    expect(failed(change)).toEqual([name]);
  });
});

describe("the verdict over the writes of a restore", () => {
  const reasonOf = (change: Change) => {
    const { verdict, reason } = verdictOf(evidence(change));
    return `${verdict}: ${reason}`;
  };
  const drop = (saved: Evidence, name: string) => {
    for (const read of saved.reads)
      saved.reads = saved.reads.map((one) => (one === read ? without(read, name) : one));
  };
  const without = (read: Evidence["reads"][number], name: string) => ({
    ...read,
    values: Object.fromEntries(Object.entries(read.values).filter(([key]) => key !== name)),
  });
  const named = (saved: Evidence, when: "before" | "between") => {
    const { cut, fault, operations } = saved;
    const found = operations.find(({ start, end }) =>
      when === "before"
        ? (end ?? 0) < (cut?.from ?? 0)
        : start > (cut?.to ?? 0) && (end ?? 0) < (fault?.from ?? 0),
    );
    if (found === undefined) throw new Error(`no write ${when}`);
    return found.name;
  };

  test("fails when a write from before the backup is missing", () => {
    expect(reasonOf((_, saved) => drop(saved, named(saved, "before")))).toMatch(
      /^failed: no acknowledged write is lost: expected 0 of 27, seen 1 of 27: drill-/,
    );
  });

  test("fails when a write from after the backup is there", () => {
    const back: Change = (_, saved) => {
      const name = named(saved, "between");
      for (const { values } of saved.reads) values[name] = name;
    };
    expect(reasonOf(back)).toMatch(/^failed: nothing from after the backup is there: /);
  });

  test("is void without enough writes on either side", () => {
    const few: Change = (_, saved) => {
      const [one] = saved.operations;
      saved.operations = one ? [one] : [];
      saved.reads = saved.reads.map(({ manager }) => ({ manager, values: {} }));
    };
    expect(reasonOf(few)).toMatch(/^void: |^failed: no acknowledged write is lost/);
    const none: Change = (_, saved) => {
      saved.operations = [];
      saved.reads = saved.reads.map(({ manager }) => ({ manager, values: {} }));
    };
    expect(reasonOf(none)).toBe("void: 0 acknowledged writes before the cut, need 3");
  });
});
