import type { Exercise } from "../exercise.ts";

export const autolockOn: Exercise = {
  name: "autolock-on",
  topic: "autolock and unlock, key rotation",
  domain: "security",
  minutes: 2,
  difficulty: 1,
  task: "A manager's disk that is stolen must not be readable: let managers that restart ask for an unlock key. Keep the key in the file /root/unlock-key on the leader, readable by root alone. (In earnest: in a password manager, and on no manager.)",
  checks: [
    {
      says: "autolock is on",
      on: "leader",
      ask: "docker info --format '{{.Swarm.Cluster.Spec.EncryptionConfig.AutoLockManagers}}'",
      expected: "true",
      holds: (text) => text === "true",
      why: "Without autolock the key of the Raft log lies beside the log, on the same disk.",
    },
    {
      says: "the file holds the swarm's key",
      on: "leader",
      ask: 'if [ "$(cat /root/unlock-key)" = "$(docker swarm unlock-key -q)" ]; then echo same; else echo another; fi',
      expected: "same",
      holds: (text) => text === "same",
      why: "A key that is not the current one opens nothing; without it a locked manager is lost.",
    },
    {
      says: "nobody but root may read it",
      on: "leader",
      ask: "stat -c '%a %U' /root/unlock-key",
      expected: "600 root",
      holds: (text) => /^[46]00 root$/.test(text),
      why: "The mode of the file lets others read the key.",
    },
  ],
  hints: [
    "It is a setting of the swarm.",
    "`docker swarm update --autolock=true` prints the key; `docker swarm unlock-key -q` prints it again.",
    "umask 077 before the file is written.",
  ],
  solution: [
    {
      on: "leader",
      type: "docker swarm update --autolock=true >/dev/null",
      says: "The key that opens the log is itself encrypted now, with the unlock key.",
    },
    {
      on: "leader",
      type: "umask 077; docker swarm unlock-key -q >/root/unlock-key",
      says: "Not shown on the screen, and not readable by others for a moment.",
    },
  ],
  wrong: [
    {
      says: "the key in a file for everybody",
      commands: [
        {
          on: "leader",
          type: "docker swarm update --autolock=true >/dev/null; docker swarm unlock-key -q >/root/unlock-key; chmod 644 /root/unlock-key",
        },
      ],
      refusedBy: "nobody but root may read it",
    },
  ],
  cleanUp: [
    { on: "leader", type: "rm -f /root/unlock-key" },
    { on: "follower", type: "rm -f /root/unlock-key" },
  ],
};
