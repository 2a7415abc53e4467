import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelList, ownershipLabels } from "../labels.ts";
import { dockerOptions, part } from "../late.ts";
import type {
  MountedObject,
  ReplacementPolicy,
  ServiceMount,
  ServicePort,
  ServiceSpec,
  TaskResources,
} from "./service-spec.ts";

export interface SwarmServiceArgs {
  readonly lab: string;
  /** Name of the service in the swarm, and so its DNS name on its networks. */
  readonly service: string;
  /** By digest or by id: a tag is resolved once at creation and differs ever after. */
  readonly image: pulumi.Input<string>;
  readonly spec: ServiceSpec;
  /** Ids, not names: a name means a replacement at every up. */
  readonly networkIds: readonly pulumi.Input<string>[];
  /** Whether its tasks are on their node's own network; they are on no other one then, and publish nothing. */
  readonly onHost?: boolean;
  readonly endpointMode: "vip" | "dnsrr";
  readonly ports: readonly ServicePort[];
  readonly secrets: readonly MountedObject[];
  readonly configs: readonly MountedObject[];
  readonly mounts: readonly ServiceMount[];
  /** Login that the nodes pull the image with. */
  readonly auth?: {
    readonly serverAddress: string;
    readonly username: pulumi.Input<string>;
    readonly password: pulumi.Input<string>;
  };
  readonly labels: Readonly<Record<string, string>>;
}

/** The one network whose id is not to be known before: the engine takes its name for it. */
const HOST_NETWORK = "host";

const policy = ({ maxFailureRatio, ...rest }: ReplacementPolicy) => ({
  ...rest,
  maxFailureRatio: String(maxFailureRatio),
});

function resources({ cpus, memoryBytes }: TaskResources) {
  if (cpus === undefined && memoryBytes === undefined) return undefined;
  return { nanoCpus: cpus === undefined ? undefined : Math.round(cpus * 1e9), memoryBytes };
}

const mountedFile = ({ target, mode, uid = "0" }: Omit<MountedObject, "id" | "name">) => ({
  fileName: target,
  fileMode: mode,
  fileUid: uid,
  fileGid: uid,
});

function containerSpec(args: SwarmServiceArgs) {
  const { spec } = args;
  return {
    image: args.image,
    commands: spec.command && [...spec.command],
    args: spec.args && [...spec.args],
    env: spec.env,
    healthcheck: spec.healthcheck && {
      tests: [...spec.healthcheck.test],
      interval: spec.healthcheck.interval,
      timeout: spec.healthcheck.timeout,
      retries: spec.healthcheck.retries,
      startPeriod: spec.healthcheck.startPeriod,
    },
    stopGracePeriod: spec.stopGracePeriod,
    secrets: args.secrets.map(({ id, name, ...file }) => ({
      secretId: id,
      secretName: name,
      ...mountedFile(file),
    })),
    configs: args.configs.map(({ id, name, ...file }) => ({
      configId: id,
      configName: name,
      ...mountedFile(file),
    })),
    mounts: args.mounts.map((mount) => ({ ...mount })),
    labels: labelList(ownershipLabels({ lab: args.lab }, args.labels)),
  };
}

/**
 * One service of the swarm. Creation does not wait for its tasks (the provider's own wait looks every five seconds and
 * deletes the service on a timeout): what needs them to run has a step that waits.
 */
export class SwarmService extends pulumi.ComponentResource {
  readonly serviceId: pulumi.Output<string>;

  constructor(name: string, args: SwarmServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:SwarmService", name, {}, own);
    const { spec, onHost = false } = args;
    const limits = resources(spec.resources.limits);
    const reservation = resources(spec.resources.reservations);
    const service = new docker.Service(
      `${name}-service`,
      {
        name: args.service,
        labels: labelList(ownershipLabels({ lab: args.lab }, { ...args.labels, ...spec.labels })),
        mode:
          spec.mode === "global" ? { global: true } : { replicated: { replicas: spec.replicas } },
        taskSpec: {
          containerSpec: containerSpec(args),
          networksAdvanceds: (onHost ? [HOST_NETWORK] : args.networkIds).map((id) => ({ id })),
          placement: {
            constraints: [...spec.constraints],
            prefs: spec.spread.map((key) => `spread=${key}`),
            maxReplicas: spec.maxReplicasPerNode,
          },
          resources: limits || reservation ? { limits, reservation } : undefined,
          restartPolicy: { ...spec.restart },
        },
        updateConfig: policy(spec.update),
        rollbackConfig: policy(spec.rollback),
        endpointSpec: {
          mode: args.endpointMode,
          ports: args.ports.map(({ target, published, publishMode }) => ({
            targetPort: target,
            publishedPort: published,
            publishMode,
            protocol: "tcp",
          })),
        },
        auth: args.auth,
      },
      {
        ...dockerOptions(this, late),
        deleteBeforeReplace: true,
        ignoreChanges: [
          // The engine adds the platforms that it finds in the image's manifest.
          "taskSpec.placement.platforms",
          // And puts the id that the node's network has within the swarm in the place of its name.
          ...(onHost ? ["taskSpec.networksAdvanceds"] : []),
        ],
      },
    );
    this.serviceId = service.id;
    this.registerOutputs({ serviceId: this.serviceId });
  }
}
