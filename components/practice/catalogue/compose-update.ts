import { countRunning } from "../asks.ts";
import type { Exercise } from "../exercise.ts";
import { digest } from "../grade.ts";

const FILE = "/root/shop.yml";

export const composeUpdate: Exercise = {
  name: "compose-update",
  topic: "compose stacks: update, and services that go",
  domain: "orchestration",
  minutes: 4,
  difficulty: 2,
  task: "The compose stack shop was deployed from /root/shop.yml on the leader. Its service cart is given up, and web is to run three tasks. Change the file, and have the swarm follow it; web must not be removed meanwhile.",
  setUp: [
    {
      on: "leader",
      type: `cat >${FILE} <<'END'
services:
  web:
    image: {image}:1
    deploy:
      replicas: 1
  cart:
    image: {image}:1
    deploy:
      replicas: 1
END
docker stack deploy --detach=true --compose-file ${FILE} shop >/dev/null`,
    },
  ],
  remember: {
    web: { on: "leader", type: "docker service inspect --format '{{.ID}}' shop_web" },
  },
  checks: [
    {
      says: "the file names web alone, with three tasks",
      on: "leader",
      ask: `grep -cE '^  [a-z]+:' ${FILE}; grep -c 'replicas: 3' ${FILE}; grep -c cart ${FILE} || true`,
      expected: "one service, replicas: 3, no cart",
      holds: (text) => text === "1\n1\n0",
      why: "What the file does not say comes back with the next deploy.",
    },
    {
      says: "three tasks of web run",
      on: "leader",
      ask: countRunning("shop_web"),
      expected: "3",
      holds: (text) => text === "3",
      why: "`docker stack deploy` again changes what differs from the file.",
    },
    {
      says: "cart is gone",
      on: "leader",
      ask: "docker service ls --format '{{.Name}}' | grep -c '^shop_cart$' || true",
      expected: "0",
      holds: (text) => text === "0",
      why: "A service that is taken out of the file stays until somebody prunes: deploy does not remove by itself.",
    },
    {
      says: "web is the service it was",
      on: "leader",
      ask: "docker service inspect --format '{{.ID}}' shop_web",
      expected: "the same id as before",
      holds: (text, { web }) => digest(text) === web,
      why: "`docker stack rm` takes everything down, and what is deployed then is another service.",
    },
  ],
  hints: [
    "The same command deploys and updates.",
    "`docker stack deploy --help`: something prunes.",
    "docker stack deploy --prune --compose-file /root/shop.yml shop",
  ],
  solution: [
    {
      on: "leader",
      type: `sed -i -e '/^  cart:/,$d' -e 's/replicas: 1/replicas: 3/' ${FILE}`,
      says: "Cart is the last of the file: from its line on everything goes.",
    },
    {
      on: "leader",
      type: `docker stack deploy --detach=true --prune --compose-file ${FILE} shop`,
      says: "Updates what differs, and removes services of the stack that the file does not name any more.",
    },
  ],
  wrong: [
    {
      says: "deployed without pruning",
      commands: [
        {
          on: "leader",
          type: `sed -i -e '/^  cart:/,$d' -e 's/replicas: 1/replicas: 3/' ${FILE}
docker stack deploy --detach=true --compose-file ${FILE} shop`,
        },
      ],
      refusedBy: "cart is gone",
    },
  ],
  cleanUp: [
    { on: "leader", type: `rm -f ${FILE}` },
    { on: "follower", type: `rm -f ${FILE}` },
    { on: "follower-2", type: `rm -f ${FILE}` },
  ],
};
