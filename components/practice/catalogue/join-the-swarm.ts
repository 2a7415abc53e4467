import { resetEngine, setEngine } from "../asks.ts";
import type { Exercise } from "../exercise.ts";
import { containers } from "../needs.ts";

const OFF = '{"live-restore": false}';
const IS_OFF = "[ \"$(docker info --format '{{.LiveRestoreEnabled}}')\" = false ]";
const joined = (role: string) =>
  `npm run --silent shell -- {leader} sh -c 'docker swarm join-token --quiet ${role}; docker node inspect --format "{{.ManagerStatus.Addr}}" self' | npm run --silent shell -- {worker-2} sh -c 'read token; read address; docker swarm join --token "$token" "$address"'`;

export const joinTheSwarm: Exercise = {
  name: "join-the-swarm",
  topic: "swarm join; live-restore and why it does not go with swarm",
  domain: "installation",
  minutes: 5,
  difficulty: 3,
  needs: containers,
  task: "{worker-2} is to join the swarm as a worker. Its engine, which somebody has tuned, refuses. Get it in, without a restart of the engine.",
  setUp: [
    { on: "worker-2", type: "docker swarm leave" },
    { on: "leader", type: "until docker node rm {worker-2} 2>/dev/null; do sleep 1; done" },
    {
      on: "worker-2",
      type: setEngine('{"live-restore": true}'),
    },
  ],
  checks: [
    {
      says: "{worker-2} is Ready, as a worker",
      on: "leader",
      ask: "docker node ls --format '{{.Hostname}} {{.Status}}{{.ManagerStatus}}' | grep '^{worker-2} '",
      expected: "{worker-2} Ready",
      holds: (text) => / Ready$/.test(text),
      why: "The token says what a node becomes: there is one for workers and one for managers.",
    },
    {
      says: "its engine keeps no containers running without itself",
      on: "worker-2",
      ask: "docker info --format '{{.LiveRestoreEnabled}}'",
      expected: "false",
      holds: (text) => text === "false",
      why: "Live-restore is for containers that an engine finds again; the tasks of a swarm are started anew elsewhere meanwhile.",
    },
  ],
  hints: [
    "`docker swarm join-token worker` on a manager prints the whole command.",
    "What does {worker-2} answer to it? Its settings are in /etc/docker/daemon.json.",
    "An engine reads daemon.json again when it gets the signal HUP; what is not in it any more stays as it was, so say false.",
  ],
  solution: [
    {
      on: "worker-2",
      type: setEngine(OFF),
      says: "`--live-restore daemon configuration is incompatible with swarm mode`. Taken out of the file alone it would stay as it is: on the signal an engine keeps what the file says nothing of.",
    },
    {
      on: "worker-2",
      type: `until ${IS_OFF}; do sleep 1; done`,
      says: "The signal is answered by nobody: look.",
    },
    {
      on: "here",
      type: joined("worker"),
      says: "The token goes from one node to the other and is shown to nobody. By hand: read it there, paste it here.",
    },
  ],
  wrong: [
    {
      says: "joined as a manager",
      commands: [
        { on: "worker-2", type: `${setEngine(OFF)} && until ${IS_OFF}; do sleep 1; done` },
        { on: "here", type: joined("manager") },
      ],
      refusedBy: "{worker-2} is Ready, as a worker",
    },
  ],
  cleanUp: [{ on: "worker-2", type: resetEngine(OFF, IS_OFF) }],
};
