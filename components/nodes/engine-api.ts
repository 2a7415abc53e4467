import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { sshEntrance } from "./hosts/api.ts";
import { tlsEntrance } from "./local/api.ts";
import type { EngineApi } from "./provider.ts";
import type { NodeHandle } from "./types.ts";

/** What shows the engine API that a client may ask it; PEM. */
export interface ApiClient<T = string> {
  readonly ca: T;
  readonly cert: T;
  readonly key: T;
}

/** One look at an engine API: the address under which the docker provider reaches it, or why it does not answer yet. */
export type ApiLook = { readonly done: string } | { readonly waiting: string };

/** How a kind of engine API is entered. */
export interface ApiEntrance {
  /** Where it is, as a person says it. */
  readonly place: string;
  /** The manager without whose engine nobody will answer there. */
  readonly manager: Pick<NodeHandle, "name" | "connection">;
  /** Asks once for something that only a manager with a leader answers, on the way that the docker provider takes. */
  ask(client: ApiClient): Promise<ApiLook>;
  /** What the docker provider is told besides the address. */
  providerArgs(client: ApiClient<pulumi.Input<string>>): docker.ProviderArgs;
}

/** The way into an engine API, by its kind. */
export function entranceOf(api: EngineApi): ApiEntrance {
  switch (api.kind) {
    case "tls":
      return tlsEntrance(api);
    case "ssh":
      return sshEntrance(api);
  }
}
