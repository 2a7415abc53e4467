import type { NodeHandle } from "../../nodes/types.ts";
import { PreconditionError } from "../evidence.ts";
import type { Stage } from "../stage.ts";

/** The lab's service that is the registry. */
export const REGISTRY_SERVICE = "registry";

/** How one image was pulled on a node that did not have it. */
export interface Pull {
  readonly reference: string;
  readonly code: number;
  /** Layers that came over the network, and that were there: with an empty cache, none was. */
  readonly pulled: number;
  readonly there: number;
  readonly said: string;
}

/** Repositories and the tags of each. */
export type Catalog = Readonly<Record<string, readonly string[]>>;

export const hostOf = (reference: string) => reference.slice(0, reference.indexOf("/"));
export const repositoryOf = (reference: string) => reference.slice(0, reference.search(/[@]/));

/** A login that lasts for the commands after it; the password comes on standard input. */
export const loggedIn = (username: string, registry: string, commands: string) =>
  `DOCKER_CONFIG=$(mktemp -d); export DOCKER_CONFIG; trap 'rm -rf "$DOCKER_CONFIG"' EXIT
docker login --username ${username} --password-stdin ${registry} >/dev/null 2>&1
${commands}`;

export function login(stage: Stage) {
  const found = stage.registryLogin;
  if (found === undefined)
    throw new PreconditionError("the drill was not told how to log in to the registry");
  return found;
}

/** Takes an image from a node. */
export const forget = (reference: string) =>
  `id=$(docker image inspect --format '{{.Id}}' ${reference} 2>/dev/null || true)
[ -z "$id" ] || docker image rm --force "$id" >/dev/null`;

/** Takes an image from a node, then pulls it by digest. */
export async function pull(stage: Stage, node: NodeHandle, reference: string): Promise<Pull> {
  const { username, password } = login(stage);
  await stage.on(node, forget(reference));
  const command = loggedIn(username, hostOf(reference), `docker image pull ${reference} 2>&1`);
  const { code, stdout } = await stage.try(node, command, { seconds: 60, stdin: password });
  const lines = stdout.trim().split("\n");
  const count = (what: string) => lines.filter((line) => line.endsWith(what)).length;
  await stage.on(node, forget(reference));
  return {
    ...{ reference, code, pulled: count(": Pull complete"), there: count(": Already exists") },
    said: lines.at(-1) ?? "",
  };
}

/** Asks the registry's own API; the login comes on standard input as curl's configuration. */
export async function ask(
  stage: Stage,
  node: NodeHandle,
  registry: string,
  path: string,
  more = "",
) {
  const { username, password } = login(stage);
  const cert = `/etc/docker/certs.d/${registry}/ca.crt`;
  return stage.on(
    node,
    `curl -sSf --max-time 10 --cacert ${cert} --config - ${more} https://${registry}/v2/${path}`,
    { stdin: `user = "${username}:${password}"\n` },
  );
}

/** What the registry has, as soon as it answers. */
export async function catalog(stage: Stage, node: NodeHandle, registry: string): Promise<Catalog> {
  const text = await stage.until<string>("the registry answers", 60, async () => {
    try {
      return { done: await ask(stage, node, registry, "_catalog") };
    } catch (error) {
      return { waiting: (error as Error).message };
    }
  });
  const { repositories } = JSON.parse(text) as { repositories: string[] };
  const found: Record<string, readonly string[]> = {};
  for (const repository of repositories) {
    const { tags } = JSON.parse(await ask(stage, node, registry, `${repository}/tags/list`)) as {
      tags: string[] | null;
    };
    found[repository] = (tags ?? []).sort();
  }
  return found;
}

/** Images by digest that the lab's services have from a registry. */
export async function serviceImages(stage: Stage): Promise<string[]> {
  const listed = await stage.on(
    await stage.leader(),
    `docker service ls -q | xargs docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}'`,
  );
  const images = listed.split("\n").filter((image) => /^[^/]+:\d+\/.*@sha256:/.test(image));
  if (images.length === 0)
    throw new PreconditionError("no service has its image from the registry");
  return [...new Set(images)].sort();
}

/**
 * Starts or stops the registry, which is a service of one task; done when its container runs or is gone. Until it answers
 * takes a moment more. (The command's own wait adds five seconds to see whether the task lives.)
 */
export async function scaleRegistry(stage: Stage, count: 0 | 1): Promise<void> {
  const scale = `docker service scale --detach ${REGISTRY_SERVICE}=${count} >/dev/null`;
  await stage.on(await stage.leader(), scale);
  await stage.until<true>(`the registry is ${count === 1 ? "on" : "off"}`, 90, async () => {
    const tasks = (await stage.containers()).filter(({ service }) => service === REGISTRY_SERVICE);
    return tasks.length === count ? { done: true } : { waiting: `${tasks.length} of it run` };
  });
}

/**
 * Pushes an image that stands on a node under a tag; its reference by digest. The image stays on the node.
 */
export async function push(stage: Stage, node: NodeHandle, target: string): Promise<string> {
  const { username, password } = login(stage);
  const repository = target.slice(0, target.lastIndexOf(":"));
  const commands = `docker image push --quiet ${target} >/dev/null
docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' ${target} | grep '^${repository}@'`;
  return stage.on(node, loggedIn(username, hostOf(target), commands), {
    ...{ seconds: 60, stdin: password },
  });
}

/** Takes a manifest out of the registry. */
export async function deleteManifest(stage: Stage, node: NodeHandle, reference: string) {
  const path = repositoryOf(reference).slice(hostOf(reference).length + 1);
  const digest = reference.slice(reference.indexOf("@") + 1);
  await ask(stage, node, hostOf(reference), `${path}/manifests/${digest}`, "-X DELETE");
}
