import { z } from "zod";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { digest } from "../../components/practice/grade.ts";
import { waitFor } from "../lib/wait.ts";
import { changeOn, localState, someAnswer } from "../swarm/managers.ts";

/** What there is on a lab before an exercise, so that `reset` knows what came with it. Nothing secret. */
export const SnapshotShape = z.object({
  service: z.array(z.string()),
  secret: z.array(z.string()),
  config: z.array(z.string()),
  network: z.array(z.string()),
  /** What the swarm's nodes and settings were, as SHA-256. */
  members: z.string(),
  /** Specifications of the services that were there, as the engine's API has them. */
  specs: z.record(z.string(), z.unknown()),
  /** By node: containers that are no tasks, and volumes. */
  nodes: z.record(
    z.string(),
    z.object({ container: z.array(z.string()), volume: z.array(z.string()) }),
  ),
});
export type Snapshot = z.infer<typeof SnapshotShape>;

type Kind = "service" | "secret" | "config" | "network";
const ENGINE = "curl -sSf --max-time 8 --unix-socket /var/run/docker.sock -G http://engine";

const OBJECTS = `for kind in services secrets configs; do ${ENGINE}/$kind; echo; done
${ENGINE}/networks --data-urlencode 'filters={"scope":["swarm"]}'; echo`;

const OWN = `docker ps --all --no-trunc --format 'container {{.ID}} {{.Label "com.docker.swarm.task.id"}}' | awk 'NF == 2 { print $1, $2 }'
docker volume ls --quiet | sed 's/^/volume /'`;

interface ObjectJson {
  readonly ID?: string;
  readonly Id?: string;
  readonly Version?: { readonly Index: number };
  readonly Spec?: unknown;
}

async function objects(managers: readonly NodeHandle[]) {
  const { stdout } = await someAnswer(managers, OBJECTS);
  const [services = [], secrets = [], configs = [], networks = []] = stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as ObjectJson[]);
  const ids = (list: readonly ObjectJson[]) => list.map(({ ID, Id }) => ID ?? Id ?? "").sort();
  return {
    services,
    ids: {
      service: ids(services),
      secret: ids(secrets),
      config: ids(configs),
      network: ids(networks),
    },
  };
}

const MEMBERS = `docker node ls --quiet | sort | xargs docker node inspect --format '{{.ID}} {{json .Spec}} {{.Status.State}} {{with .ManagerStatus}}{{.Reachability}}{{end}}'
docker info --format '{{json .Swarm.Cluster.Spec}}'`;

/**
 * The nodes and settings of a swarm, each as it is: an exercise that changes neither leaves it as it was. The engines are
 * asked as well: for seconds the managers call a node Ready that has left.
 */
export async function membersNow(
  managers: readonly NodeHandle[],
  nodes: readonly NodeHandle[],
): Promise<string> {
  const [{ stdout }, states] = await Promise.all([
    someAnswer(managers, MEMBERS),
    Promise.all(nodes.map(localState)),
  ]);
  const own = states.map((state) => [state?.state, state?.nodeId]);
  return digest(`${stdout}${JSON.stringify(own)}`);
}

async function ownOn(node: NodeHandle) {
  const lines = (await runOn(node, "listing its own things", OWN)).split("\n");
  const of = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
  return { container: of("container").sort(), volume: of("volume").sort() };
}

/** Looks at a lab: its swarm's objects, and what each node has of its own. */
export async function snapshot(
  managers: readonly NodeHandle[],
  nodes: readonly NodeHandle[],
): Promise<Snapshot> {
  const [{ services, ids }, members, own] = await Promise.all([
    objects(managers),
    membersNow(managers, nodes),
    Promise.all(nodes.map(async (node) => [node.name, await ownOn(node)] as const)),
  ]);
  const specs = Object.fromEntries(services.map(({ ID = "", Spec }) => [ID, Spec]));
  return { ...ids, members, specs, nodes: Object.fromEntries(own) };
}

const isNew = (before: readonly string[]) => (id: string) => !before.includes(id);

/** Removes objects of these kinds from the swarm that were not there before. */
export async function removeNew(
  via: NodeHandle,
  before: Snapshot,
  kinds: readonly Kind[],
): Promise<void> {
  await waitFor(
    `the exercise's ${kinds.join("s, ")}s are removed`,
    async () => {
      const { ids } = await objects([via]);
      const left = kinds
        .map((kind) => [kind, ids[kind].filter(isNew(before[kind]))] as const)
        .filter(([, found]) => found.length > 0);
      if (left.length === 0) return { done: true };
      // A network goes once the tasks of its services have gone, a secret once its service has.
      const remove = left.map(
        ([kind, found]) => `docker ${kind} rm ${found.join(" ")} >/dev/null || true`,
      );
      const { stderr } = await execOn(via, remove.join("\n"));
      return { waiting: stderr.trim() || "they are being removed" };
    },
    { deadline: 60, interval: 0.5 },
  );
}

/** Gives services that were there before the specification back that they had. */
export async function restoreServices(via: NodeHandle, before: Snapshot): Promise<void> {
  for (const { ID = "", Version, Spec } of (await objects([via])).services) {
    const wanted = before.specs[ID];
    if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(Spec)) continue;
    const update = `curl -sSf --max-time 30 --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' \\
-d "$SPEC" 'http://engine/services/${ID}/update?version=${Version?.Index}&registryAuthFrom=previous-spec' >/dev/null`;
    await runOn(via, `giving service ${ID} its specification back`, update, {
      env: { SPEC: JSON.stringify(wanted) },
    });
  }
}

/** Removes from a node containers that are no tasks, and volumes, that were not there before. */
export async function restoreNode(node: NodeHandle, before: Snapshot): Promise<void> {
  const known = before.nodes[node.name];
  if (known === undefined) return;
  await waitFor(
    `what the exercise left on ${node.name} is removed`,
    async () => {
      const { container, volume } = await ownOn(node);
      const containers = container.filter(isNew(known.container));
      const volumes = volume.filter(isNew(known.volume));
      if (containers.length + volumes.length === 0) return { done: true };
      const remove = [
        ...(containers.length > 0 ? [`docker rm --force ${containers.join(" ")} >/dev/null`] : []),
        ...(volumes.length > 0 ? [`docker volume rm ${volumes.join(" ")} >/dev/null`] : []),
      ];
      const said = await changeOn(node, "removing", remove.join("\n")).catch(
        (error: Error) => error.message,
      );
      return { waiting: said || "they are being removed" };
    },
    { deadline: 60, interval: 0.5 },
  );
}
