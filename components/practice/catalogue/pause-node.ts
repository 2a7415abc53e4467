import { node, places, started } from "../asks.ts";
import type { Exercise } from "../exercise.ts";
import { digest } from "../grade.ts";

const own =
  "docker ps -q --no-trunc --filter label=com.docker.swarm.service.name=web | sort | xargs";

export const pauseNode: Exercise = {
  name: "pause-node",
  topic: "availability: active, pause, drain",
  domain: "orchestration",
  minutes: 2,
  difficulty: 1,
  task: "{worker-2} behaves strangely, and you want to look at it as it is: no new task may come to it, and those that run there have to go on. Then scale web from two tasks to four.",
  setUp: [
    {
      on: "leader",
      type: started("web", 2, "--placement-pref spread=node.id "),
    },
  ],
  remember: { there: { on: "worker-2", type: own } },
  checks: [
    {
      says: "{worker-2} takes no new tasks",
      on: "leader",
      ask: node("{worker-2}", "{{.Spec.Availability}}"),
      expected: "pause",
      holds: (text) => text === "pause",
      why: "Drain would have stopped what you wanted to look at; active lets new tasks come.",
    },
    {
      says: "what ran on {worker-2} was not touched, and nothing came",
      on: "worker-2",
      ask: own,
      expected: "the container that was there",
      holds: (text, { there }) => digest(text) === there,
      why: "The container is another one than before, or there is one more.",
    },
    {
      says: "four tasks of web run, three of them on {worker-1}",
      on: "leader",
      ask: `${places("web")}; echo {worker-1}`,
      expected: "four, three of them {worker-1}",
      holds: (text) => {
        const [list = "", first = ""] = text.split("\n");
        const nodes = list.split(" ");
        return nodes.length === 4 && nodes.filter((one) => one === first).length === 3;
      },
      why: "Pause first and scale then: new tasks go to the other nodes.",
    },
  ],
  hints: [
    "A node has an availability.",
    "Not drain: that stops what runs.",
    "docker node update --availability pause {worker-2}",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node update --availability pause {worker-2}",
      says: "The scheduler passes it over; its tasks run on.",
    },
    {
      on: "leader",
      type: "docker service scale -d web=4",
      says: "Both new tasks go to the other worker.",
    },
  ],
  wrong: [
    {
      says: "drain, which stops the task to be looked at",
      commands: [
        { on: "leader", type: "docker node update --availability drain {worker-2}" },
        { on: "leader", type: "docker service scale -d web=4" },
      ],
      refusedBy: "{worker-2} takes no new tasks",
    },
  ],
};
