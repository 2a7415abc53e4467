import type { Exercise } from "../exercise.ts";

export const certificateLifetime: Exercise = {
  name: "certificate-lifetime",
  topic: "CA rotation and certificate expiry",
  domain: "security",
  minutes: 2,
  difficulty: 1,
  task: "Certificates of nodes are to be valid for 30 days instead of 90, and each service is to remember no more than 2 old tasks per slot.",
  checks: [
    {
      says: "certificates are valid for 30 days",
      on: "leader",
      ask: "docker info --format '{{json .Swarm.Cluster.Spec.CAConfig.NodeCertExpiry}}'",
      expected: "2592000000000000 (nanoseconds)",
      holds: (text) => text === "2592000000000000",
      why: "720h are 30 days; Go's durations know no days.",
    },
    {
      says: "two old tasks are remembered",
      on: "leader",
      ask: "docker info --format '{{json .Swarm.Cluster.Spec.Orchestration.TaskHistoryRetentionLimit}}'",
      expected: "2",
      holds: (text) => text === "2",
      why: "The history is what `docker service ps` shows of tasks that are over.",
    },
  ],
  hints: [
    "Both are settings of the swarm.",
    "`docker swarm update --help`",
    "docker swarm update --cert-expiry ... --task-history-limit ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker swarm update --cert-expiry 720h --task-history-limit 2",
      says: "Nodes renew between half and four fifths of the time, by themselves; those they have stay valid.",
    },
  ],
  wrong: [
    {
      says: "30 hours instead of 30 days",
      commands: [
        { on: "leader", type: "docker swarm update --cert-expiry 30h --task-history-limit 2" },
      ],
      refusedBy: "certificates are valid for 30 days",
    },
  ],
};
