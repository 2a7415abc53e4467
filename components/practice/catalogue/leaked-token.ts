import type { Exercise } from "../exercise.ts";

const token = (role: string) =>
  `docker swarm join-token -q ${role} | tr -d '\\n' | sha256sum | cut -d ' ' -f 1`;

export const leakedToken: Exercise = {
  name: "leaked-token",
  topic: "manager and worker tokens and their rotation",
  domain: "security",
  minutes: 2,
  difficulty: 1,
  task: "The join token of managers was found in a repository. Make it worthless. The token of workers is in use by a script, and has to go on working.",
  remember: {
    manager: { on: "leader", type: token("manager") },
    worker: { on: "leader", type: token("worker") },
    nodes: { on: "leader", type: "docker node ls -q | sort | xargs" },
  },
  checks: [
    {
      says: "the managers' token is another one",
      on: "leader",
      ask: `printf %s "$(${token("manager")})" | sha256sum | cut -d ' ' -f 1`,
      expected: "not the leaked one",
      holds: (text, { manager }) => /^[0-9a-f]{64}$/.test(text) && text !== manager,
      why: "Removing it from the repository does not help: whoever has it can still join.",
    },
    {
      says: "the workers' token is what it was",
      on: "leader",
      ask: `printf %s "$(${token("worker")})" | sha256sum | cut -d ' ' -f 1`,
      expected: "the one from before",
      holds: (text, { worker }) => text === worker,
      why: "Each role has a token of its own; rotating the root CA changes both.",
    },
    {
      says: "every node is still a member",
      on: "leader",
      ask: "printf %s \"$(docker node ls -q | sort | xargs)\" | sha256sum | cut -d ' ' -f 1",
      expected: "the nodes from before",
      holds: (text, { nodes }) => text === nodes,
      why: "A token is needed to join and never again: rotating it removes nobody.",
    },
  ],
  hints: ["`docker swarm join-token --help`", "docker swarm join-token --rotate ..."],
  solution: [
    {
      on: "leader",
      type: "docker swarm join-token --rotate --quiet manager >/dev/null",
      says: "The old one is refused from now on. Quietly: the new one is a secret as well.",
    },
    {
      on: "leader",
      type: "docker node ls",
      says: "Is there anybody who should not be? Rotation alone throws no intruder out.",
    },
  ],
  wrong: [
    {
      says: "the other role's token",
      commands: [
        { on: "leader", type: "docker swarm join-token --rotate --quiet worker >/dev/null" },
      ],
      refusedBy: "the managers' token is another one",
    },
  ],
};
