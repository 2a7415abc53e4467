import { noAnswer } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const addressOfANode: Exercise = {
  name: "address-of-a-node",
  topic: "inspect with format templates",
  domain: "installation",
  minutes: 2,
  difficulty: 1,
  task: "Write into the file /root/answer on the leader, on one line each: the address under which the managers see {worker-2}, and the version of its engine, as the swarm knows both, and nothing else.",
  checks: [
    {
      says: "the first line is its address",
      on: "leader",
      ask: "sed -n 1p /root/answer; docker node inspect --format '{{.Status.Addr}}' {worker-2}",
      expected: "the same twice",
      holds: (text) => {
        const [answer, address] = text.split("\n");
        return answer === address && address !== undefined;
      },
      why: "`docker node inspect {worker-2}` has it under Status.",
    },
    {
      says: "the second is its engine's version",
      on: "leader",
      ask: "sed -n 2p /root/answer; docker node inspect --format '{{.Description.Engine.EngineVersion}}' {worker-2}",
      expected: "the same twice",
      holds: (text) => {
        const [answer, version] = text.split("\n");
        return answer === version && version !== undefined;
      },
      why: "`docker node inspect {worker-2}` has it under Description.",
    },
    {
      says: "there are two lines",
      on: "leader",
      ask: "wc -l </root/answer",
      expected: "2",
      holds: (text) => text === "2",
      why: "A template prints what it names and no more.",
    },
  ],
  hints: [
    "`docker node inspect {worker-2}` prints all of it as JSON.",
    "--format takes a template: {{.A.B}} is the field B of A.",
    "docker node inspect --format '{{.Status.Addr}}' ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node inspect --format '{{.Status.Addr}}{{println}}{{.Description.Engine.EngineVersion}}' {worker-2} >/root/answer",
      says: "One question, two fields. What the node itself says may be another address, where it has several.",
    },
  ],
  wrong: [
    {
      says: "the whole of it",
      commands: [{ on: "leader", type: "docker node inspect --pretty {worker-2} >/root/answer" }],
      refusedBy: "the first line is its address",
    },
  ],
  cleanUp: noAnswer,
};
