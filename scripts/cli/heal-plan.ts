import { z } from "zod";
import { LABEL_ROLE } from "../../components/labels.ts";
import type { LabContainer } from "./docker.ts";
import { holdsResources, type StackState, type StateResource } from "./state.ts";

export interface NamedThing {
  readonly id: string;
  readonly name: string;
}

/** What the engine has under the lab's label. */
export interface EngineThings {
  readonly containers: readonly LabContainer[];
  readonly networks: readonly NamedThing[];
  /** Names. A volume may hold what an earlier swarm of this name knew. */
  readonly volumes: readonly string[];
}

/** Something a killed run may have made inside the swarm without recording it. */
export interface InSwarm {
  readonly kind: "service" | "network" | "secret" | "config";
  readonly name: string;
}

/** What brings engine and state together before `pulumi up`. */
export interface HealPlan {
  /** Names of containers to start, and of paused ones to let go on. */
  readonly start: readonly string[];
  readonly unpause: readonly string[];
  /** URNs of containers, networks and volumes the state has and the engine has not. */
  readonly refresh: readonly string[];
  /** Ids of what was made but never recorded: the next create would find its name taken. */
  readonly removeContainers: readonly string[];
  readonly removeNetworks: readonly string[];
  readonly removeInSwarm: readonly InSwarm[];
  /** Whether the state has operations of a killed run, which Pulumi would carry along for ever. */
  readonly clearPending: boolean;
  /** Whether the disks of all managers are gone, and with them the swarm and all that was in it. */
  readonly swarmLost: boolean;
  /** Names of what belongs to a lab of this name that is not this stack's. Then nothing may be touched. */
  readonly foreign: readonly string[];
}

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";
const IN_SWARM: Readonly<Record<string, InSwarm["kind"]>> = {
  "docker:index/service:Service": "service",
  "docker:index/secret:Secret": "secret",
  "docker:index/serviceConfig:ServiceConfig": "config",
  [NETWORK]: "network",
};

const nameOf = (resource: StateResource) => {
  const name = resource.inputs?.name;
  return typeof name === "string" ? name : undefined;
};

/**
 * Whether the engine itself has the thing, or should. What is inside the swarm is judged by nobody here: it may just
 * have no quorum.
 */
const isOnEngine = ({ type, outputs }: StateResource) =>
  type === CONTAINER || type === VOLUME || (type === NETWORK && outputs?.driver === "bridge");

const Labels = z.array(z.object({ label: z.string(), value: z.string() }));

function isManagerDisk({ type, inputs }: StateResource): boolean {
  const labels = Labels.safeParse(inputs?.labels);
  return (
    type === VOLUME &&
    labels.success &&
    labels.data.some(({ label, value }) => label === LABEL_ROLE && value === "manager")
  );
}

/** Decides what is to be healed. Knows nothing of how it is done. */
export function planHeal(state: StackState | undefined, engine: EngineThings): HealPlan {
  const resources = state?.resources ?? [];
  const pending = state?.pending ?? [];
  const known = new Set(resources.flatMap((resource) => resource.id ?? []));
  const ours = engine.containers.filter((container) => known.has(container.id));
  const ids = [...engine.containers, ...engine.networks].map((thing) => thing.id);
  const there = new Set([...ids, ...engine.volumes]);
  const asleep = (container: LabContainer) => /^(created|exited|dead)$/.test(container.state);

  const gone = resources.filter(
    (resource) => resource.id !== undefined && isOnEngine(resource) && !there.has(resource.id),
  );
  const disks = resources.filter(isManagerDisk);
  const begun = pending
    .filter((operation) => operation.type === "creating")
    .flatMap(({ resource }) => {
      const name = nameOf(resource);
      return name === undefined ? [] : [{ type: resource.type, name }];
    });
  const unrecorded = <T extends NamedThing>(type: string, things: readonly T[]) =>
    things
      .filter((thing) => !known.has(thing.id))
      .filter((thing) => begun.some((one) => one.type === type && one.name === thing.name));
  const networks = unrecorded(NETWORK, engine.networks);
  return {
    start: ours.filter(asleep).map((container) => container.name),
    unpause: ours.filter(({ state }) => state === "paused").map((container) => container.name),
    refresh: [...new Set(gone.map((resource) => resource.urn))],
    removeContainers: unrecorded(CONTAINER, engine.containers).map((container) => container.id),
    removeNetworks: networks.map((network) => network.id),
    removeInSwarm: begun.flatMap(({ type, name }) => {
      const kind = IN_SWARM[type];
      const local = type === NETWORK && networks.some((network) => network.name === name);
      return kind === undefined || local ? [] : [{ kind, name }];
    }),
    clearPending: pending.length > 0,
    swarmLost: disks.length > 0 && disks.every((disk) => gone.includes(disk)),
    foreign: holdsResources(state)
      ? []
      : [...engine.containers, ...engine.networks]
          .map((thing) => thing.name)
          .concat(engine.volumes),
  };
}
