import { resetEngine, setEngine } from "../asks.ts";
import type { Exercise } from "../exercise.ts";
import { containers } from "../needs.ts";

const MIRROR = '{"registry-mirrors": ["https://mirror.example"]}';

export const registryMirror: Exercise = {
  name: "registry-mirror",
  topic: "registry: mirror",
  domain: "images",
  minutes: 2,
  difficulty: 1,
  needs: containers,
  task: "The engine of {worker-2} is to ask https://mirror.example first when somebody pulls from the public registry. Bring that about without a restart, so that it outlives one.",
  checks: [
    {
      says: "the engine asks the mirror first",
      on: "worker-2",
      ask: "docker info --format '{{range .RegistryConfig.Mirrors}}{{println .}}{{end}}'",
      expected: "https://mirror.example/",
      holds: (text) => /^https:\/\/mirror\.example\/?$/.test(text),
      why: "A mirror is asked for what has no registry in its name; without an answer the public registry is asked.",
    },
    {
      says: "and will do so after a restart",
      on: "worker-2",
      ask: "grep -c mirror.example /etc/docker/daemon.json",
      expected: "1",
      holds: (text) => text === "1",
      why: "Only what is in daemon.json, or on the command line, is there after a restart.",
    },
  ],
  hints: [
    "It is a setting of the engine: registry-mirrors, a list.",
    "/etc/docker/daemon.json, then the signal HUP.",
    '{"registry-mirrors": ["https://..."]}',
  ],
  solution: [
    {
      on: "worker-2",
      type: setEngine(MIRROR),
      says: "Images of other registries, the lab's as well, are not asked of a mirror.",
    },
    {
      on: "worker-2",
      type: "until docker info --format '{{.RegistryConfig.Mirrors}}' | grep mirror.example; do sleep 1; done",
      says: "The signal is answered by nobody: look.",
    },
  ],
  wrong: [
    {
      says: "a file that the engine has not read",
      commands: [
        {
          on: "worker-2",
          type: `echo '${MIRROR}' >/etc/docker/daemon.json`,
        },
      ],
      refusedBy: "the engine asks the mirror first",
    },
  ],
  cleanUp: [
    {
      on: "worker-2",
      type: resetEngine(
        '{"registry-mirrors": []}',
        "[ \"$(docker info --format '{{len .RegistryConfig.Mirrors}}')\" = 0 ]",
      ),
    },
  ],
};
