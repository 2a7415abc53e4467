import type { Exercise } from "../exercise.ts";

export const lostQuorum: Exercise = {
  name: "lost-quorum",
  topic: "quorum loss",
  domain: "orchestration",
  minutes: 4,
  difficulty: 2,
  task: "The engines of {follower} and {follower-2} are off. Get the swarm's managers to decide again, all three of them, as the same swarm.",
  symptom: "The application answers as ever, but every `docker service` command ends in an error.",
  cause: "too few managers run for a quorum",
  setUp: [{ on: "here", type: "npm run --silent stop -- {follower} {follower-2}" }],
  checks: [
    {
      says: "three managers have a vote",
      on: "leader",
      ask: "docker node ls --filter role=manager --format '{{.ManagerStatus}}' | sort | xargs",
      expected: "Leader Reachable Reachable",
      holds: (text) => text === "Leader Reachable Reachable",
      why: "With two of three the swarm decides again, and the next loss stops it.",
    },
    {
      says: "the list holds each node once, all of them Ready",
      on: "leader",
      ask: "docker node ls --format '{{.Status}}' | sort | uniq -c | xargs",
      expected: "5 Ready",
      holds: (text) => text === "5 Ready",
      why: "A new cluster that is forced where the others only slept leaves two swarms that both take writes.",
    },
  ],
  hints: [
    "`docker node ls` on a manager that runs, and `npm run status` in the lab's folder.",
    "Managers that sleep know everything still: they only have to come back. Nothing has to be forced.",
    "npm run start -- {follower} {follower-2}",
  ],
  solution: [
    {
      on: "here",
      type: "npm run --silent start -- {follower} {follower-2}",
      says: "In the lab's folder. On machines of one's own: `systemctl start docker` on each.",
    },
    {
      on: "leader",
      type: "until [ \"$(docker node ls --filter role=manager --format '{{.ManagerStatus}}' | grep -cE 'Leader|Reachable')\" = 3 ] && ! docker node ls | grep Down; do sleep 1; done",
      says: "They elect a leader as soon as two of three answer each other. No write that was acknowledged is missing.",
    },
  ],
  wrong: [
    {
      says: "only one of them",
      commands: [{ on: "here", type: "npm run --silent start -- {follower}" }],
      refusedBy: "three managers have a vote",
    },
  ],
};
