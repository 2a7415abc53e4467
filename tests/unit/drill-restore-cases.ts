import type { Change } from "./drill-judge-support.ts";
import { restartedCase } from "./drill-manager-cases.ts";

/** The check that a restore on another machine does not have: what it joins anew as has an id of its own. */
export const NODE_ID = "the restored manager has its node id";

type Case = readonly [string, Change, string];

/** A way of going wrong for each check that a swarm is the one of the manifest. */
const IDENTITY_CASES: readonly Case[] = [
  [
    "the cluster is another",
    (facts) => {
      facts.after.clusterId = "another";
    },
    "the cluster is the same",
  ],
  [
    "the manager has another id",
    (facts) => {
      for (const node of facts.after.nodes) node.id = `${node.id}x`;
    },
    NODE_ID,
  ],
  [
    "the CA is another",
    (facts) => {
      facts.after.caFingerprint = "another";
    },
    "the root CA is the same",
  ],
  [
    "a token is another",
    (facts) => {
      facts.after.tokens.worker = "another";
    },
    "the join tokens are the same",
  ],
  [
    "autolock is not as it was",
    (facts) => {
      facts.after.settings.autolock = !facts.manifest.fingerprint.settings.autolock;
    },
    "autolock is as it was",
  ],
];

/** A way of going wrong for each check that every whole restore has to pass. */
export const RESTORE_CASES: readonly Case[] = [
  ...IDENTITY_CASES,
  [
    "a manager still knew the swarm",
    (facts) => {
      facts.gone[0] = "m1 active";
    },
    "every manager had lost the swarm",
  ],
  [
    "a service is missing",
    (facts) => {
      facts.restored.differences = [{ what: "service app", expected: "id a", seen: "missing" }];
    },
    "nothing differs from the manifest",
  ],
  [
    "a worker did not come back",
    (facts) => {
      facts.restored.missingWorkers = ["w1"];
    },
    "workers are Ready under their old ids",
  ],
  restartedCase("containersAfter", "tasks on workers were not restarted"),
  [
    "the secret is another",
    (facts) => {
      for (const id of Object.keys(facts.secretsAfter)) facts.secretsAfter[id] = "another";
    },
    "tasks that are started anew read the same secrets",
  ],
  [
    "the first write has an index of the past",
    (facts) => {
      facts.firstIndex = facts.manifest.raftIndex;
    },
    "the first new write is later than all in the backup",
  ],
  [
    "nobody asked the overlay",
    (facts) => {
      delete facts.restored.dataPlane;
    },
    "requests cross the overlay between all nodes",
  ],
];
