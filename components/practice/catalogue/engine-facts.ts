import { ANSWER, noAnswer } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const engineFacts: Exercise = {
  name: "engine-facts",
  topic: "engine configuration: storage driver, log driver, metrics",
  domain: "installation",
  minutes: 3,
  difficulty: 1,
  task: "Write three lines into the file /root/answer on {worker-1}: the storage driver of its engine, its log driver for containers that name none, and how many containers run there by the engine's own metrics, which it serves at 127.0.0.1:9323.",
  checks: [
    {
      says: "the first two lines are its drivers",
      on: "worker-1",
      ask: `head -n 2 ${ANSWER} | xargs; docker info --format '{{.Driver}} {{.LoggingDriver}}'`,
      expected: "the same twice",
      holds: (text) => {
        const [answer, drivers] = text.split("\n");
        return answer === drivers && drivers !== undefined;
      },
      why: "`docker info` knows both.",
    },
    {
      says: "the third is what its metrics count",
      on: "worker-1",
      ask: `sed -n 3p ${ANSWER}; docker ps --quiet | wc -l`,
      expected: "the same twice",
      holds: (text) => {
        const [answer, count] = text.split("\n");
        return answer === count && count !== undefined;
      },
      why: "engine_daemon_container_states_containers has a line for each state.",
    },
  ],
  hints: [
    "`docker info`, and a template for what is asked.",
    "`curl -s 127.0.0.1:9323/metrics` prints all of them: a name, labels, a number.",
    "grep 'state=\"running\"'",
  ],
  solution: [
    {
      on: "worker-1",
      type: "docker info --format '{{.Driver}}{{println}}{{.LoggingDriver}}' >/root/answer",
      says: "Both are settings of daemon.json; a container may have a log driver of its own, never a storage driver.",
    },
    {
      on: "worker-1",
      type: "curl -s 127.0.0.1:9323/metrics | sed -n 's/^engine_daemon_container_states_containers{state=\"running\"} //p' >>/root/answer",
      says: "Served where metrics-addr says; Prometheus would read it from there.",
    },
  ],
  wrong: [
    {
      says: "all containers, also those that are over",
      commands: [
        {
          on: "worker-1",
          type: "docker info --format '{{.Driver}}{{println}}{{.LoggingDriver}}' >/root/answer; echo $(($(docker ps --all --quiet | wc -l) + 1)) >>/root/answer",
        },
      ],
      refusedBy: "the third is what its metrics count",
    },
  ],
  cleanUp: noAnswer,
};
