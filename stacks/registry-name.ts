import { REGISTRY_PORT } from "../components/swarm/ports.ts";

/** Name of the registry on the lab's network. Images are named by it, so it is the same whatever the provider. */
export const REGISTRY_HOST = "registry.internal";
export const REGISTRY_ADDRESS = `${REGISTRY_HOST}:${REGISTRY_PORT}`;
