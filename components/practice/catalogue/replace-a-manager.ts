import type { Exercise } from "../exercise.ts";

const managers = `docker node ls --filter role=manager --format '{{.Hostname}} {{.ManagerStatus}}'`;

export const replaceAManager: Exercise = {
  name: "replace-a-manager",
  topic: "promote, demote",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "{follower} is to stop being a manager, and {worker-2} is to be one in its place. At no moment may there be fewer managers than now, and in the end there must not be more.",
  checks: [
    {
      says: "{worker-2} is a manager that answers",
      on: "leader",
      ask: `${managers} | grep -E '^{worker-2} (Reachable|Leader)$'`,
      expected: "{worker-2} Reachable",
      holds: (text) => text !== "",
      why: "Only Reachable (or Leader) counts for the quorum; the role alone does not.",
    },
    {
      says: "{follower} is a worker",
      on: "leader",
      ask: "docker node inspect --format '{{.Spec.Role}}' {follower}",
      expected: "worker",
      holds: (text) => text === "worker",
      why: "Four managers survive no more losses than three, and need one vote more for each write.",
    },
    {
      says: "there are three managers, all with a vote",
      on: "leader",
      ask: `${managers} | awk '{ print $2 }' | sort | xargs`,
      expected: "Leader Reachable Reachable",
      holds: (text) => text === "Leader Reachable Reachable",
      why: "An even number of managers survives no more losses than one less.",
    },
  ],
  hints: [
    "Two commands, and the order matters.",
    "`docker node promote` and `docker node demote`.",
    "Wait until `docker node ls` says Reachable before you take the other one off.",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node promote {worker-2}",
      says: "It gets a manager's certificate and joins the Raft group; four managers for a moment.",
    },
    {
      on: "leader",
      type: "until docker node ls | grep '{worker-2} .*Reachable'; do sleep 1; done",
      says: "Until it is Reachable it has no vote.",
    },
    {
      on: "leader",
      type: "docker node demote {follower}",
      says: "Three again, and an odd number.",
    },
  ],
  wrong: [
    {
      says: "only promoting, which leaves four",
      commands: [{ on: "leader", type: "docker node promote {worker-2}" }],
      refusedBy: "{follower} is a worker",
    },
  ],
};
