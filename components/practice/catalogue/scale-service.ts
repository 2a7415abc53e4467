import { running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";
import { digest } from "../grade.ts";

export const scaleService: Exercise = {
  name: "scale-service",
  topic: "scale",
  domain: "orchestration",
  minutes: 1,
  difficulty: 1,
  task: "The service web runs with one task, and that is too few. Have it run with four, without stopping the one that runs.",
  setUp: [{ on: "leader", type: "docker service create -d --name web {image}:1" }],
  remember: {
    first: { on: "leader", type: service("web", "{{.ID}}") },
  },
  checks: [
    {
      says: "it is the same service",
      on: "leader",
      ask: service("web", "{{.ID}}"),
      expected: "the service that was there",
      holds: (text, { first }) => digest(text) === first,
      why: "A service that is removed and made again stops what ran; a service is scaled while it runs.",
    },
    {
      says: "four tasks of web run",
      on: "leader",
      ask: `${running("web")} | wc -l`,
      expected: "4",
      holds: (text) => text === "4",
      why: "`docker service ls` shows how many run of how many are wanted.",
    },
  ],
  hints: ["There is a command of its own for it.", "docker service scale ..."],
  solution: [
    {
      on: "leader",
      type: "docker service scale -d web=4",
      says: "The same as `docker service update --replicas 4 web`; the task that runs stays.",
    },
  ],
  wrong: [
    {
      says: "the service made anew with four",
      commands: [
        { on: "leader", type: "docker service rm web" },
        { on: "leader", type: "docker service create -d --name web --replicas 4 {image}:1" },
      ],
      refusedBy: "it is the same service",
    },
  ],
};
