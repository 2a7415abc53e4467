import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum, checkUntouched } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { backAsManager, led } from "./members.ts";
import { spreadAgain } from "./spread.ts";

/** What one worker tells by itself. */
interface Told {
  readonly node: string;
  readonly state: string;
  readonly error: string;
  readonly managers: readonly string[];
  readonly clusterId: string;
  /** Answer to `docker service ls`. */
  readonly refusal: string;
}

interface Facts {
  readonly clusterId: string;
  readonly addresses: readonly string[];
  /** Id, name and image of each service: as a manager told before, and as the workers tell from their containers. */
  readonly services: readonly string[];
  readonly inventory: readonly string[];
  readonly secretsBefore: readonly string[];
  readonly secretsFound: readonly string[];
  readonly told: readonly Told[];
  readonly before: readonly TaskContainer[];
  readonly during: readonly TaskContainer[];
  readonly overlay: string;
  readonly left: string;
  readonly had: number;
  readonly has: number;
}

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

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { told } = seen;
  const all = (test: (one: Told) => boolean) => told.length > 0 && told.every(test);
  return [
    checkThat(
      "no worker can be asked for the services",
      "a refusal by each",
      told.map(({ refusal }) => refusal.slice(0, 60)).join("; "),
      all(({ refusal }) => /not a swarm manager/.test(refusal)),
    ),
    checkThat(
      "and none has noticed anything",
      "active, without an error",
      told.map(({ node, state, error }) => `${node} ${state} ${error}`.trim()).join(", "),
      all(({ state, error }) => state === "active" && error === ""),
    ),
    checkUntouched("tasks run on", seen.before, seen.during),
    checkThat(
      "and answer",
      "requests cross between nodes",
      seen.overlay,
      / requests crossed /.test(seen.overlay),
    ),
    checkThat(
      "each knows where the managers were, and which swarm it is",
      `${seen.addresses.join(" ")} of ${seen.clusterId}`,
      told.map(({ managers, clusterId }) => `${managers.join(" ")} of ${clusterId}`).join("; "),
      all(
        ({ managers, clusterId }) =>
          managers.join() === seen.addresses.join() && clusterId === seen.clusterId,
      ),
    ),
    checkEqual(
      "the containers name every service, its id and its image",
      seen.services,
      seen.inventory,
    ),
    checkThat(
      "and secrets in use can be read from them",
      seen.secretsBefore.join(" ").slice(0, 40),
      seen.secretsFound.join(" ").slice(0, 40),
      seen.secretsBefore.length > 0 && seen.secretsBefore.join() === seen.secretsFound.join(),
    ),
    checkThat(
      "who leaves for a new swarm loses what runs",
      "0 containers of 1 or more",
      `${seen.has} of ${seen.had}`,
      seen.had > 0 && seen.has === 0,
    ),
    checkQuorum(facts),
  ];
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
  judge,
};
