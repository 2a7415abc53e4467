import { join, resolve } from "node:path";
import { isBucketUrl } from "../components/backup/bucket-url.ts";
import { LABEL_REGISTRY } from "../components/nodes/plan.ts";
import type { ProvidedNodes } from "../components/nodes/provider.ts";
import type { KernelFeatures, NodeHandle } from "../components/nodes/types.ts";
import type { NetworkMode } from "../components/swarm/network-mode.ts";
import { REGISTRY_PORT } from "../components/swarm/ports.ts";
import type { LabConfig } from "./config/resolved.ts";
import { servicePort } from "./ports.ts";

/**
 * What the commands beside the program need to know of a lab: plain data, nothing secret, known before anything is made.
 * It is the stack output `lab`.
 */
export interface LabDescription {
  readonly lab: string;
  readonly provider: string;
  readonly engine: string;
  readonly expendable: boolean;
  readonly nodes: readonly NodeHandle[];
  readonly gateway: {
    readonly container?: string;
    readonly api: string;
    readonly registry?: string;
    /** By service, what this machine reaches; empty where it reaches nothing of what the service publishes. */
    readonly apps: Readonly<Record<string, readonly string[]>>;
  };
  /** The service of the lab's own application whose tasks can ask each other, and the port they listen on. */
  readonly app?: AppProbe;
  /** Where its backups and their unlock keys are: absolute paths, or a URL for the backups. */
  readonly backups: { readonly directory: string; readonly keys: string; readonly keep?: number };
  /** The volume that holds the registry's data, on the registry's node. */
  readonly registryVolume?: string;
  readonly network: NetworkMode;
  readonly kernel: KernelFeatures;
  readonly warnings: readonly string[];
}

/** Where a lab's backups and unlock keys are, which outlive the lab: folders, or for the backups the URL of a bucket. */
export function backupFolders({ lab, backup }: LabConfig, root: string) {
  const folder = (path: string) => join(resolve(root, path), lab);
  const { keep, directory } = backup;
  const inBucket = isBucketUrl(directory);
  return {
    directory: inBucket ? `${directory.replace(/\/+$/, "")}/${lab}` : folder(directory),
    keys: folder(backup.keys),
    ...(keep === undefined ? {} : { keep }),
  };
}

export interface AppProbe {
  readonly service: string;
  readonly port: number;
}

/** Services of the lab's own application, which answers requests and tells what it reads. */
export function ownApps(config: LabConfig) {
  return Object.entries(config.services).filter(
    ([, { image, mode, replicas }]) => image === "app" && (mode === "global" || replicas > 0),
  );
}

/** The first of them that publishes a port. */
export function probedApp(config: LabConfig): AppProbe | undefined {
  const found = ownApps(config).find(([, service]) => service.ports.length > 0);
  const [port] = found?.[1].ports ?? [];
  return found && port && { service: found[0], port: port.target };
}

export interface DescriptionRequest {
  readonly config: LabConfig;
  readonly provided: ProvidedNodes;
  readonly ports: Readonly<Record<string, number>>;
  readonly mode: NetworkMode;
  readonly kernel: KernelFeatures;
  readonly warnings: readonly string[];
  /** The project's folder. */
  readonly root: string;
}

/** The addresses of the published ports, by service. */
export function appAddresses(
  config: LabConfig,
  ports: Readonly<Record<string, number>>,
  entrance: string,
) {
  const published = Object.entries(config.services).filter(([, service]) => service.ports.length);
  return Object.fromEntries(
    published.map(([key, service]) => [
      key,
      service.ports.map(({ target }) => `http://${entrance}:${ports[servicePort(key, target)]}`),
    ]),
  );
}

/** Where the engine API and the registry are, by provider. */
function gatewayIn({ config, provided, ports }: DescriptionRequest) {
  const { api, nodes, entranceFrom } = provided;
  const { enabled } = config.registry;
  if (api.kind === "tls")
    return {
      container: `swarm-lab-${config.lab}-gateway`,
      api: `https://${api.host}:${api.port}`,
      registry: enabled ? `127.0.0.1:${ports.registry}` : undefined,
    };
  const { user, host, port } = api.connection;
  // What only the nodes reach is nothing to this machine.
  const holder = entranceFrom
    ? undefined
    : nodes.find(({ handle }) => handle.labels[LABEL_REGISTRY]);
  return {
    api: `ssh://${user}@${host}:${port}`,
    registry: holder && `${holder.handle.address}:${REGISTRY_PORT}`,
  };
}

/** The registry's volume; undefined where its images are elsewhere. */
const volumeOf = ({ enabled, storage, volume }: LabConfig["registry"]) =>
  enabled && storage === "volume" ? volume : undefined;

export function describe(request: DescriptionRequest): LabDescription {
  const { config, provided, ports, mode, kernel, warnings } = request;
  const addresses = appAddresses(config, ports, provided.entrance);
  // Services that publish something are told all the same.
  const unreached = Object.fromEntries(Object.keys(addresses).map((service) => [service, []]));
  return {
    lab: config.lab,
    provider: config.provider,
    engine: provided.buildEngine,
    expendable: config.expendable,
    nodes: provided.nodes.map(({ handle }) => handle),
    gateway: {
      ...gatewayIn(request),
      apps: provided.entranceFrom ? unreached : addresses,
    },
    app: probedApp(config),
    backups: backupFolders(config, request.root),
    registryVolume: volumeOf(config.registry),
    network: mode,
    kernel,
    warnings,
  };
}
