import type { NodeHandle } from "../../nodes/types.ts";
import type { SpareImage } from "../../swarm/spare-images.ts";
import type { LoadRequest } from "../load.ts";

/** A task as the managers list it: what is wanted of it, and what its node said last. */
export interface TaskSeen {
  readonly id: string;
  readonly slot: number;
  /** Name of its node; empty while it has none. */
  readonly node: string;
  readonly desired: string;
  readonly state: string;
  readonly error: string;
  readonly image: string;
  /** Of its last state: milliseconds since 1970. */
  readonly at: number;
}

/** A container of a task as its own node's engine tells it; one that is over is told until the swarm forgets the task. */
export interface ContainerSeen {
  readonly node: string;
  readonly task: string;
  readonly id: string;
  readonly image: string;
  /** created, running, exited, dead. */
  readonly status: string;
  /** starting, healthy, unhealthy; none where nothing is checked. */
  readonly health: string;
  readonly exitCode: number;
  /** Milliseconds since 1970; null when it has not happened. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** What the swarm says of a service and of its last update. */
export interface ServiceSeen {
  readonly image: string;
  /** The image that a rollback would bring back; empty when there is nothing to roll back to. */
  readonly previousImage: string;
  /** updating, paused, completed, rollback_started, rollback_paused, rollback_completed; empty before the first one. */
  readonly update: string;
  readonly message: string;
}

export interface ServiceWanted {
  /** How many tasks; "global" is one on every active node. */
  readonly replicas: number | "global";
  /** More flags of `docker service create`, as a person types them. */
  readonly flags?: string;
  /** Default: the image of the lab's application. */
  readonly image?: string;
}

/** Services of the drill's own, made of the lab's application, and a client that asks them all the while. */
export interface StageServices {
  /**
   * Starts a service `drill-RUN-SUFFIX` in the application's network, found by DNS alone (so that it needs no virtual IP),
   * with a health check each second. Returns its name at once; the end of the drill removes it.
   */
  startService(suffix: string, wanted: ServiceWanted): Promise<string>;
  service(name: string): Promise<ServiceSeen>;
  tasks(name: string): Promise<TaskSeen[]>;
  /** The containers of a service on the workers that answer, by those nodes' own word, the finished ones included. */
  serviceContainers(name: string): Promise<ContainerSeen[]>;
  /** Asks a machine of the drill's own as well from now on. */
  alsoRuns(node: NodeHandle): void;
  /**
   * Waits until exactly `count` tasks are wanted and run, and the nodes named in the list run these containers, healthy
   * ones, and no other of the service. `node`: all of them there.
   */
  tasksRun(
    name: string,
    count: number,
    options?: { seconds?: number; node?: string },
  ): Promise<TaskSeen[]>;
  /** Waits for an update to come to one of these states, as `completed`; fails at once when it ends in another. */
  updateEnds(name: string, states: readonly string[], seconds?: number): Promise<ServiceSeen>;
  /**
   * Another release of the application: the same layers with other environment, under the same id on all workers, as if it
   * had been pulled. `dies`: seconds after which it ends, with code 3. Returns the id; the end of the drill removes it.
   */
  release(
    version: string,
    options?: { env?: Readonly<Record<string, string>>; dies?: number },
  ): Promise<string>;
  /** Brings an image of the lab's to a node, which has it from then on, and returns its name there. */
  bringImage(name: SpareImage, node: NodeHandle): Promise<string>;
  /** Starts a client on a worker that asks each service in turn, some ten times a second; returns when all their tasks have answered. */
  startLoad(from: NodeHandle, services: readonly string[]): Promise<void>;
  /** Ends the client, and returns all that it asked. */
  endLoad(): Promise<LoadRequest[]>;
}
