import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { judgeAllManagersLost, type Told } from "./all-managers-lost-judge.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { backAsManager, led } from "./members.ts";
import { spreadAgain } from "./spread.ts";

const SERVICES = `docker service ls -q | xargs docker service inspect \\
--format '{{.ID}} {{.Spec.Name}} {{.Spec.TaskTemplate.ContainerSpec.Image}}'`;

const INVENTORY = `docker ps -q --filter label=com.docker.swarm.service.id | xargs -r docker inspect \\
--format '{{index .Config.Labels "com.docker.swarm.service.id"}} {{index .Config.Labels "com.docker.swarm.service.name"}} {{.Config.Image}}'`;

const ABOUT = `docker info --format '{{.Swarm.LocalNodeState}},{{range .Swarm.RemoteManagers}}{{.Addr}} {{end}},{{.Swarm.Error}}'
openssl x509 -noout -subject -nameopt multiline -in /var/lib/docker/swarm/certificates/swarm-node.crt |
sed -n 's/^ *organizationName *= *//p'`;

const lines = (text: string) => [...new Set(text.split("\n").filter(Boolean))].sort();
const hashes = async (stage: Stage) =>
  [...new Set(Object.values(await stage.secretHashes()))].sort();

async function ask(stage: Stage, node: NodeHandle): Promise<Told> {
  const [info = "", clusterId = ""] = (await stage.on(node, ABOUT)).split("\n");
  const [state = "", managers = "", ...error] = info.split(",");
  const refused = await stage.try(node, "docker service ls", { seconds: 25 });
  const refusal = refused.code === 0 ? "it lists them" : refused.stderr.trim();
  const addresses = managers.split(" ").filter(Boolean).sort();
  return {
    node: node.name,
    state,
    error: error.join(","),
    managers: addresses,
    clusterId,
    refusal,
  };
}

async function learn(stage: Stage): Promise<void> {
  stage.fact("told", await Promise.all(stage.workers.map((node) => ask(stage, node))));
  const found = await Promise.all(stage.workers.map((node) => stage.on(node, INVENTORY)));
  stage.fact("inventory", lines(found.join("\n")));
  stage.fact("secretsFound", await hashes(stage));
  stage.fact("overlay", await stage.overlay());
  stage.fact("during", await stage.containers());
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, and tasks on every worker");
  await spreadAgain(stage);
  await stage.startTraffic();
  const before = await stage.containers();
  const { clusterId, nodes } = await stage.fingerprint();
  stage.fact("clusterId", clusterId);
  stage.fact("addresses", stage.managers.map(({ address }) => `${address}:2377`).sort());
  stage.fact("services", lines(await stage.on(await stage.leader(), SERVICES)));
  stage.fact("secretsBefore", await hashes(stage));
  stage.fact("before", before);
  stage.phase("break", "every manager loses its power");
  await Promise.all(stage.managers.map((node) => stage.kill(node)));
  stage.mark("fault");
  stage.phase("prove", "nobody can be asked but the workers, and they know a lot");
  await learn(stage);
  const holds = (name: string) =>
    before.some(({ node, service }) => node === name && service === "registry");
  const leaver = stage.workers.find(({ name }) => !holds(name)) ?? stage.workers[0];
  const wanted = nodes.find(({ hostname }) => hostname === leaver?.name);
  if (leaver === undefined || wanted === undefined) throw new Error("a lab without a worker");
  stage.phase("prove", `the way into a new swarm is the end of what runs: ${leaver.name} leaves`);
  const count = async () => Number(await stage.on(leaver, "docker ps -q | wc -l"));
  stage.fact("left", leaver.name);
  stage.fact("had", await count());
  await stage.on(leaver, "docker swarm leave --force", { seconds: 60 });
  stage.fact("has", await count());
  stage.phase("recover", `the managers are switched on, and ${leaver.name} joins anew`);
  await Promise.all(stage.managers.map((node) => stage.start(node)));
  const leader = await led(stage);
  for (const node of stage.managers) await backAsManager(stage, leader, node);
  await stage.rejoin(leaver, wanted);
  stage.mark("healed");
  stage.phase("verify", "the swarm is whole");
  await stage.moreWrites(30, 60);
  await stage.whole(120);
  await keepQuorum(stage);
  await spreadAgain(stage);
  await stage.overlay();
}

/** B12: what is left to know, and to lose, when there is no manager and no backup. */
export const allManagersLost: Drill = {
  name: "all-managers-lost",
  question:
    "All managers are gone and there is no backup. What do the workers still know, and what do I lose?",
  minutes: 1,
  rewinds: true,
  minimumWrites: 20,
  claims: [
    {
      says: "When all managers are lost the workers run on, but a new cluster must be made",
      shows:
        "They run and answer; each that leaves for the new cluster loses its tasks. With a backup no new cluster is needed.",
      holds: "partly",
    },
    {
      says: "The managers' location cannot be discovered from a worker",
      shows: "`docker info` on a worker names all of them, and so does its state.json.",
      holds: "no",
    },
  ],
  limits: [
    "The managers come back in the end: that a backup or a new swarm would have to take their place is restore-cluster's.",
    "Networks, placement, replica counts, join tokens and secrets that nobody uses cannot be learnt from workers.",
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.workers(ground, 2), need.app(ground)),
  run,
  judge: judgeAllManagersLost,
};
