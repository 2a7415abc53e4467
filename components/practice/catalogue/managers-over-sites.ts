import type { Exercise } from "../exercise.ts";

const MANAGERS = "docker node ls --filter role=manager --format '{{.ID}} {{.ManagerStatus}}'";

export const managersOverSites: Exercise = {
  name: "managers-over-sites",
  topic: "managers across zones",
  domain: "orchestration",
  minutes: 4,
  difficulty: 2,
  task: "The node label site says where each node stands. Two of the three managers stand in one site: when it burns down, the quorum is gone. Have three managers of which no site holds two, without moving a machine or changing a label.",
  setUp: [
    {
      on: "leader",
      type: `for node in {leader} {follower} {worker-1}; do docker node update --label-add site=east $node >/dev/null; done
docker node update --label-add site=west {follower-2} >/dev/null
docker node update --label-add site=north {worker-2} >/dev/null`,
    },
  ],
  checks: [
    {
      says: "there are three managers, all with a vote",
      on: "leader",
      ask: `${MANAGERS} | awk '{ print $2 }' | sort | xargs`,
      expected: "Leader Reachable Reachable",
      holds: (text) => text === "Leader Reachable Reachable",
      why: "A fourth manager makes the quorum three, and two of the four may still stand in one site.",
    },
    {
      says: "no site holds two of them",
      on: "leader",
      ask: `${MANAGERS} | awk '{ print $1 }' | xargs docker node inspect --format '{{.Spec.Labels.site}}' | sort | xargs`,
      expected: "east north west",
      holds: (text) => text === "east north west",
      why: "With two of three managers in one site, its loss takes the quorum, however many sites there are.",
    },
    {
      says: "the nodes stand where they stood",
      on: "leader",
      ask: "docker node inspect --format '{{.Spec.Labels.site}}' {leader} {follower} {follower-2} {worker-1} {worker-2} | xargs",
      expected: "east east west east north",
      holds: (text) => text === "east east west east north",
      why: "A label that is changed moves no machine.",
    },
  ],
  hints: [
    "`docker node inspect --format '{{.Spec.Labels.site}}' NODE` tells a node's site.",
    "One manager more in the empty site, then one less in the full one.",
    "docker node promote {worker-2}, and when it is Reachable, docker node demote {follower}",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node ls --quiet | xargs docker node inspect --format '{{.Description.Hostname}} {{.Spec.Role}} {{.Spec.Labels.site}}'",
      says: "Two managers in east, one in west, and a worker in north.",
    },
    {
      on: "leader",
      type: "docker node promote {worker-2}",
      says: "First one more, so that there are never fewer than three.",
    },
    {
      on: "leader",
      type: "until docker node ls | grep '{worker-2} .*Reachable'; do sleep 1; done",
      says: "Until it is Reachable it has no vote.",
    },
    {
      on: "leader",
      type: "docker node demote {follower}",
      says: "One of the two in east goes, and not the leader: that would cost an election.",
    },
  ],
  wrong: [
    {
      says: "another label on one of them",
      commands: [{ on: "leader", type: "docker node update --label-add site=north {follower}" }],
      refusedBy: "the nodes stand where they stood",
    },
    {
      says: "the worker of east in place of the manager of west",
      commands: [
        { on: "leader", type: "docker node promote {worker-1}" },
        {
          on: "leader",
          type: "until docker node ls | grep '{worker-1} .*Reachable'; do sleep 1; done",
        },
        { on: "leader", type: "docker node demote {follower-2}" },
      ],
      refusedBy: "no site holds two of them",
    },
  ],
};
