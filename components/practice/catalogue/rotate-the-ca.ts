import type { Exercise } from "../exercise.ts";

const root = "docker swarm ca | sha256sum | cut -d ' ' -f 1";

export const rotateTheCa: Exercise = {
  name: "rotate-the-ca",
  topic: "CA rotation and certificate expiry",
  domain: "security",
  minutes: 3,
  difficulty: 2,
  task: "The key of the swarm's root CA may be in wrong hands. Give the swarm another root CA, under which every node has a new certificate; no node is to join anew.",
  remember: {
    root: { on: "leader", type: root },
    nodes: { on: "leader", type: "docker node ls -q | sort | xargs" },
  },
  checks: [
    {
      says: "the root CA is another one",
      on: "leader",
      ask: `printf %s "$(${root})" | sha256sum | cut -d ' ' -f 1`,
      expected: "not the one from before",
      holds: (text, { root: before }) => /^[0-9a-f]{64}$/.test(text) && text !== before,
      why: "New join tokens alone leave the CA, and whoever has its key, as they are.",
    },
    {
      says: "every node has a certificate of it",
      on: "leader",
      ask: "docker node ls --format '{{.TLSStatus}}' | sort -u",
      expected: "Ready",
      holds: (text) => text === "Ready",
      why: "`docker node ls --format '{{.Hostname}} {{.TLSStatus}}'` says who needs another one; a node that is Down holds the rotation up.",
    },
    {
      says: "they are the nodes from before",
      on: "leader",
      ask: "printf %s \"$(docker node ls -q | sort | xargs)\" | sha256sum | cut -d ' ' -f 1",
      expected: "the same ids",
      holds: (text, { nodes }) => text === nodes,
      why: "A rotation changes no node's identity.",
    },
  ],
  hints: ["`docker swarm ca --help`", "docker swarm ca --rotate"],
  solution: [
    {
      on: "leader",
      type: "docker swarm ca --rotate --quiet >/dev/null",
      says: "The old root signs the new one, every node fetches a certificate, and then the old root is dropped. The join tokens change with it: they carry its digest.",
    },
  ],
  wrong: [
    {
      says: "new join tokens",
      commands: [
        {
          on: "leader",
          type: "docker swarm join-token --rotate --quiet worker >/dev/null; docker swarm join-token --rotate --quiet manager >/dev/null",
        },
      ],
      refusedBy: "the root CA is another one",
    },
  ],
};
