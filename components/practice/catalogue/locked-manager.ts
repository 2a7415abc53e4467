import type { Exercise } from "../exercise.ts";

export const lockedManager: Exercise = {
  name: "locked-manager",
  topic: "unlock after a restart",
  domain: "security",
  minutes: 3,
  difficulty: 2,
  task: "{follower} was restarted overnight and takes no part in the swarm any more. Bring it back as the manager it was, and leave the swarm's settings as they are.",
  symptom: "One manager is Unreachable, although its machine and its engine run.",
  cause: "a manager was restarted and waits for its unlock key",
  setUp: [
    { on: "leader", type: "docker swarm update --autolock=true >/dev/null" },
    {
      on: "here",
      type: "npm run --silent stop -- {follower} && npm run --silent start -- {follower}",
    },
  ],
  checks: [
    {
      says: "{follower} is a member by its own word",
      on: "follower",
      ask: "docker info --format '{{.Swarm.LocalNodeState}}'",
      expected: "active",
      holds: (text) => text === "active",
      why: "A locked manager has its data and cannot read it.",
    },
    {
      says: "the others reach it",
      on: "leader",
      ask: "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}' | grep '^{follower} '",
      expected: "{follower} Reachable",
      holds: (text) => / (Reachable|Leader)$/.test(text),
      why: "Until it is Reachable the swarm can spare nobody else.",
    },
    {
      says: "managers that restart still ask for the key",
      on: "leader",
      ask: "docker info --format '{{.Swarm.Cluster.Spec.EncryptionConfig.AutoLockManagers}}'",
      expected: "true",
      holds: (text) => text === "true",
      why: "Autolock that is switched off opens no manager that is locked, and leaves the key on every disk.",
    },
  ],
  hints: [
    "`docker info` on {follower}: what does it say of Swarm?",
    "Any other manager knows the key: `docker swarm unlock-key`.",
    "docker swarm unlock asks for it, or reads it from its input.",
  ],
  solution: [
    {
      on: "follower",
      type: "docker info --format '{{.Swarm.LocalNodeState}}'",
      says: "Locked: the key of its Raft log is encrypted with a key that is on no disk.",
    },
    {
      on: "here",
      type: "npm run --silent shell -- {leader} docker swarm unlock-key --quiet | npm run --silent shell -- {follower} docker swarm unlock",
      says: "From one node to the other, and into no file. By hand: read it on one, paste it on the other.",
    },
    {
      on: "leader",
      type: "until docker node ls | grep '{follower} .*Reachable'; do sleep 1; done",
      says: "It catches up with what was written meanwhile.",
    },
  ],
  wrong: [
    {
      says: "autolock switched off",
      commands: [{ on: "leader", type: "docker swarm update --autolock=false" }],
      refusedBy: "{follower} is a member by its own word",
    },
  ],
};
