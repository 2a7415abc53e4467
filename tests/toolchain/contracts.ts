/** File of an SDK, and the name in it of a class or of a function's types. */
type Place = readonly [file: string, name: string];

export interface Contract {
  readonly sdk: string;
  /** The executable, below the toolchain's plugins. */
  readonly plugin: string;
  /** By token. */
  readonly resources: Readonly<Record<string, Place>>;
  readonly functions: Readonly<Record<string, Place>>;
}

const lower = (name: string) => `${name[0]?.toLowerCase()}${name.slice(1)}`;

function docker(names: readonly string[]): Record<string, Place> {
  return Object.fromEntries(
    names.map((name) => [
      `docker:index/${lower(name)}:${name}`,
      [lower(name), `${name[0]?.toUpperCase()}${name.slice(1)}`],
    ]),
  );
}

/** What the offline plugins serve of each SDK: all but docker.Image and the deprecated remote.CopyFile. */
export const CONTRACTS: readonly Contract[] = [
  {
    sdk: "@pulumi/docker",
    plugin: "resource-docker-v5.2.0/pulumi-resource-docker",
    resources: docker([
      "BuildxBuilder",
      "Container",
      "Network",
      "Plugin",
      "RegistryImage",
      "RemoteImage",
      "Secret",
      "Service",
      "ServiceConfig",
      "Tag",
      "Volume",
    ]),
    functions: docker([
      "getLogs",
      "getNetwork",
      "getPlugin",
      "getRegistryImage",
      "getRegistryImageManifests",
      "getRemoteImage",
    ]),
  },
  {
    sdk: "@pulumi/command",
    plugin: "resource-command-v1.2.1/pulumi-resource-command",
    resources: {
      "command:local:Command": ["local/command", "Command"],
      "command:remote:Command": ["remote/command", "Command"],
      "command:remote:CopyToRemote": ["remote/copyToRemote", "CopyToRemote"],
    },
    functions: { "command:local:run": ["local/run", "Run"] },
  },
];
