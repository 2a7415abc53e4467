import { describe } from "vitest";
import { timeTravel } from "../../components/drills/catalogue/time-travel.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases } from "./drill-manager-cases.ts";

const BEFORE = "before the loss the late service ran, and the old one was gone";
const GONE = "the late service and its secret are gone";
const OLD = "the old service is resurrected, and runs";
const UNKNOWN = "w2 is unknown under its new id";
const NOTICES = "its own engine notices nothing";
const READY = "after it left and joined again it is Ready, without the stray tasks";
const REMOVED = "the ghost is removed";

describe("the judge of time-travel", () => {
  judgeTests(timeTravel, [
    [
      "the late service never ran",
      (facts) => {
        facts.lostWorld.containers["drill-late"] = 0;
      },
      BEFORE,
    ],
    [
      "the old service was never removed",
      (facts) => {
        facts.lostWorld.listed = ["drill-late", "drill-old"];
      },
      BEFORE,
    ],
    [
      "a manager still knew the swarm",
      (facts) => {
        facts.gone[0] = "m1 active";
      },
      "every manager had lost the swarm",
    ],
    [
      "the cluster is another",
      (facts) => {
        facts.after.clusterId = "another";
      },
      "the cluster is the same",
    ],
    [
      "the late service is there",
      (facts) => {
        facts.restoredWorld.listed.push("drill-late");
      },
      GONE,
    ],
    [
      "the late secret is there",
      (facts) => {
        facts.restoredWorld.secrets.push("drill-late");
      },
      GONE,
    ],
    [
      "its containers go on",
      (facts) => {
        facts.restoredWorld.containers["drill-late"] = 1;
      },
      "its containers were stopped on the worker that stayed",
    ],
    [
      "the old service is not listed",
      (facts) => {
        facts.restoredWorld.listed = [];
      },
      OLD,
    ],
    [
      "the old service does not run",
      (facts) => {
        facts.restoredWorld.containers["drill-old"] = 0;
      },
      OLD,
    ],
    [
      "the lab lacks a service",
      (facts) => {
        facts.after.services.pop();
      },
      "the lab's own services are the backup's",
    ],
    [
      "the worker is known",
      (facts) => {
        facts.entries[facts.newId] = "Ready";
      },
      UNKNOWN,
    ],
    [
      "the worker never had a new id",
      (facts) => {
        facts.newId = facts.oldId;
      },
      UNKNOWN,
    ],
    [
      "the old id is no ghost",
      (facts) => {
        facts.entries[facts.oldId] = "Ready";
      },
      "its old id is a ghost",
    ],
    [
      "the restore misses nobody",
      (facts) => {
        facts.restored.missingWorkers = [];
      },
      "the restore says who is missing",
    ],
    [
      "the worker's engine says something",
      (facts) => {
        facts.opinion = `error ${facts.newId}`;
      },
      NOTICES,
    ],
    [
      "nothing of the late service runs there",
      (facts) => {
        facts.strays = 0;
      },
      NOTICES,
    ],
    [
      "the worker was not brought back",
      (facts) => {
        facts.finalId = facts.newId;
      },
      READY,
    ],
    [
      "it is Down",
      (facts) => {
        facts.entriesAfter[facts.finalId] = "Down";
      },
      READY,
    ],
    [
      "stray tasks go on",
      (facts) => {
        facts.straysAfter = 1;
      },
      READY,
    ],
    [
      "the ghost is there still",
      (facts) => {
        facts.entriesAfter[facts.oldId] = "Down";
      },
      REMOVED,
    ],
    [
      "a node is missing",
      (facts) => {
        delete facts.entriesAfter[facts.finalId];
      },
      REMOVED,
    ],
    [
      "its labels are gone",
      (facts) => {
        facts.labelsAfter = {};
      },
      "its labels are back",
    ],
    ...quorumCases,
    [
      "nothing crosses the overlay",
      (facts) => {
        facts.overlay = "asked on w1 alone, so that nothing crossed between nodes";
      },
      "requests cross the overlay between all nodes",
    ],
    [
      "nothing was undone",
      (_, evidence) => {
        for (const { name, start } of evidence.operations)
          if (start > (evidence.cut?.to ?? 0))
            for (const { values } of evidence.reads) values[name] = name;
      },
      "what was written after the backup is undone, and counted",
    ],
  ]);
});
