import { running } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const composeStack: Exercise = {
  name: "compose-stack",
  topic: "compose stacks: deploy, update, remove",
  domain: "orchestration",
  minutes: 4,
  difficulty: 2,
  task: "On a manager that leads there is the file /root/shop.yml with one service, web. Deploy it as the compose stack shop, with two tasks of web instead of the one that the file asks for: change the file, not the service.",
  setUp: [
    {
      on: "leader",
      type: "printf 'services:\\n  web:\\n    image: {image}:1\\n    deploy:\\n      replicas: 1\\n' >/root/shop.yml",
    },
  ],
  checks: [
    {
      says: "web belongs to the compose stack shop",
      on: "leader",
      ask: "docker service inspect --format '{{index .Spec.Labels \"com.docker.stack.namespace\"}}' shop_web",
      expected: "shop",
      holds: (text) => text === "shop",
      why: "A service made by hand is in no compose stack, and `docker stack rm` leaves it.",
    },
    {
      says: "two tasks run",
      on: "leader",
      ask: `${running("shop_web")} | wc -l`,
      expected: "2",
      holds: (text) => text === "2",
      why: "A stack that is deployed again changes what differs from the file.",
    },
    {
      says: "the file says so too",
      on: "leader",
      ask: "grep -c 'replicas: 2' /root/shop.yml",
      expected: "1",
      holds: (text) => text === "1",
      why: "What is changed beside the file is taken back by the next deploy.",
    },
  ],
  hints: ["`docker stack --help`", "docker stack deploy --compose-file ... shop"],
  solution: [
    {
      on: "leader",
      type: "sed -i 's/replicas: 1/replicas: 2/' /root/shop.yml",
      says: "The file is the truth; no `version:` is needed any more.",
    },
    {
      on: "leader",
      type: "docker stack deploy --detach=true --compose-file /root/shop.yml shop",
      says: "Makes what is missing and updates what differs: networks, secrets, configs and services.",
    },
  ],
  wrong: [
    {
      says: "deployed as it was, and scaled by hand",
      commands: [
        {
          on: "leader",
          type: "docker stack deploy --detach=true --compose-file /root/shop.yml shop",
        },
        { on: "leader", type: "docker service scale -d shop_web=2" },
      ],
      refusedBy: "the file says so too",
    },
  ],
  cleanUp: [{ on: "leader", type: "rm -f /root/shop.yml" }],
};
