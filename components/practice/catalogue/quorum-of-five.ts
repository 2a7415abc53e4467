import { ANSWER, noAnswer } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const quorumOfFive: Exercise = {
  name: "quorum-of-five",
  topic: "quorum arithmetic with 3, 5, 7",
  domain: "orchestration",
  minutes: 4,
  difficulty: 2,
  task: "The swarm is to survive the loss of any two managers at once, with the nodes there are. Bring that about. Then write three lines into the file /root/answer on the leader: for the managers there are now, for 7 and for 4 of them, each time their number, their quorum, and how many may be lost, with single spaces between.",
  checks: [
    {
      says: "there are five managers, all with a vote",
      on: "leader",
      ask: "docker node ls --filter role=manager --format '{{.ManagerStatus}}' | sort | uniq -c | xargs",
      expected: "1 Leader 4 Reachable",
      holds: (text) => text === "1 Leader 4 Reachable",
      why: "Only five managers can lose two and still have more than half of their number.",
    },
    {
      says: "the answer has the three numbers for each",
      on: "leader",
      ask: `cat ${ANSWER}`,
      expected: "5 3 2, 7 4 3 and 4 3 1",
      holds: (text) => text === "5 3 2\n7 4 3\n4 3 1",
      why: "The quorum of N managers is the whole part of N/2, and one; what is over may be lost. Four survive no more than three.",
    },
  ],
  hints: [
    "The quorum is more than half of all managers, also of those that are lost.",
    "`docker node promote` takes several nodes at once.",
    "Five managers: a quorum of 3, and 2 may be lost. Go on with seven and four.",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node promote {worker-1} {worker-2}",
      says: "Both get a manager's certificate and join the Raft group. They run tasks as before: their availability stays active.",
    },
    {
      on: "leader",
      type: "until [ \"$(docker node ls --filter role=manager --format '{{.ManagerStatus}}' | grep -cE 'Leader|Reachable')\" = 5 ]; do sleep 1; done",
      says: "Until a manager is Reachable its vote is missing.",
    },
    {
      on: "leader",
      type: "printf '5 3 2\\n7 4 3\\n4 3 1\\n' >/root/answer",
      says: "Four need three of them, as five do, and so survive one loss, as three do: an even number costs and brings nothing.",
    },
  ],
  wrong: [
    {
      says: "four managers",
      commands: [
        { on: "leader", type: "docker node promote {worker-1}" },
        { on: "leader", type: "printf '4 2 2\\n7 4 3\\n4 2 2\\n' >/root/answer" },
      ],
      refusedBy: "the answer has the three numbers for each",
    },
  ],
  cleanUp: noAnswer,
};
