import { ANSWER, noAnswer } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const exitCodeFromEvents: Exercise = {
  name: "exit-code-from-events",
  topic: "reading events",
  domain: "installation",
  minutes: 3,
  difficulty: 2,
  task: "On {worker-1} a container named short ran a moment ago; it has ended and is removed. Write the exit code it ended with into the file /root/answer there, and nothing else.",
  setUp: [
    {
      on: "worker-1",
      type: "docker run --rm --name short --entrypoint sh {image}:1 -c 'exit 41' || true",
    },
  ],
  checks: [
    {
      says: "the answer is its exit code",
      on: "worker-1",
      ask: `cat ${ANSWER}`,
      expected: "the code it ended with",
      holds: (text) => text === "41",
      why: "The engine remembers its last 256 events, also of what is gone: one of them is the container's end.",
    },
  ],
  hints: [
    "`docker ps --all` does not know it any more: it was started with --rm.",
    "`docker events` can look back: --since, and --until so that it ends.",
    "The event is called die; --filter container=short --filter event=die",
  ],
  solution: [
    {
      on: "worker-1",
      type: "docker events --since 30m --until $(date +%s) --filter container=short --filter event=die --format '{{.Actor.Attributes.exitCode}}' | tail -n 1 >/root/answer",
      says: "Each event has attributes; a template takes one of them.",
    },
  ],
  wrong: [
    {
      says: "that it was removed",
      commands: [
        {
          on: "worker-1",
          type: "docker events --since 30m --until $(date +%s) --filter container=short --filter event=destroy --format '{{.Action}}' | tail -n 1 >/root/answer",
        },
      ],
      refusedBy: "the answer is its exit code",
    },
  ],
  cleanUp: noAnswer,
};
