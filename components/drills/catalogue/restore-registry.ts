import type { Manifest } from "../../backup/manifest.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import { type Evidence, PreconditionError } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { removeVolume } from "./app-tasks.ts";

const SERVICE = "registry";

/** How one image was pulled on a node that did not have it. */
interface Pull {
  readonly reference: string;
  readonly code: number;
  /** Layers that came over the network, and that were there: with an empty cache, none was. */
  readonly pulled: number;
  readonly there: number;
  readonly said: string;
}

/** Repositories and the tags of each. */
type Catalog = Readonly<Record<string, readonly string[]>>;

interface Facts {
  readonly manifest: Manifest;
  readonly images: readonly string[];
  readonly catalogBefore: Catalog;
  readonly catalogLost: Catalog;
  readonly pullsLost: readonly Pull[];
  readonly catalogAfter: Catalog;
  readonly pulls: readonly Pull[];
  /** An image that was new: pushed through one node and pulled by digest on another. */
  readonly pushed: string;
  readonly pulledBack: Pull;
  readonly catalogEnd: Catalog;
}

const hostOf = (reference: string) => reference.slice(0, reference.indexOf("/"));
const repositoryOf = (reference: string) => reference.slice(0, reference.search(/[@]/));

/** A login that lasts for the commands after it; the password comes on standard input. */
const loggedIn = (username: string, registry: string, commands: string) =>
  `DOCKER_CONFIG=$(mktemp -d); export DOCKER_CONFIG; trap 'rm -rf "$DOCKER_CONFIG"' EXIT
docker login --username ${username} --password-stdin ${registry} >/dev/null 2>&1
${commands}`;

function login(stage: Stage) {
  const found = stage.registryLogin;
  if (found === undefined)
    throw new PreconditionError("the drill was not told how to log in to the registry");
  return found;
}

/** Takes an image from a node, then pulls it by digest. */
async function pull(stage: Stage, node: NodeHandle, reference: string): Promise<Pull> {
  const { username, password } = login(stage);
  const gone = `id=$(docker image inspect --format '{{.Id}}' ${reference} 2>/dev/null || true)
[ -z "$id" ] || docker image rm --force "$id" >/dev/null`;
  await stage.on(node, gone);
  const command = loggedIn(username, hostOf(reference), `docker image pull ${reference} 2>&1`);
  const { code, stdout } = await stage.try(node, command, { seconds: 60, stdin: password });
  const lines = stdout.trim().split("\n");
  const count = (what: string) => lines.filter((line) => line.endsWith(what)).length;
  await stage.on(node, gone);
  return {
    ...{ reference, code, pulled: count(": Pull complete"), there: count(": Already exists") },
    said: lines.at(-1) ?? "",
  };
}

/** Asks the registry's own API; the login comes on standard input as curl's configuration. */
async function ask(stage: Stage, node: NodeHandle, registry: string, path: string, more = "") {
  const { username, password } = login(stage);
  const cert = `/etc/docker/certs.d/${registry}/ca.crt`;
  return stage.on(
    node,
    `curl -sSf --max-time 10 --cacert ${cert} --config - ${more} https://${registry}/v2/${path}`,
    { stdin: `user = "${username}:${password}"\n` },
  );
}

async function catalog(stage: Stage, node: NodeHandle, registry: string): Promise<Catalog> {
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
async function serviceImages(stage: Stage): Promise<string[]> {
  const listed = await stage.on(
    await stage.leader(),
    `docker service ls -q | xargs docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}'`,
  );
  const images = listed.split("\n").filter((image) => /^[^/]+:\d+\/.*@sha256:/.test(image));
  if (images.length === 0)
    throw new PreconditionError("no service has its image from the registry");
  return [...new Set(images)].sort();
}

async function loseVolume(stage: Stage, { name, node: holder }: { name: string; node: string }) {
  const node = stage.nodes.find((one) => one.name === holder);
  if (node === undefined) throw new Error(`${holder} is no node of this lab`);
  const leader = await stage.leader();
  const scale = (count: number) =>
    stage.on(leader, `docker service scale --detach=false ${SERVICE}=${count} >/dev/null`, {
      seconds: 90,
    });
  await scale(0);
  try {
    await removeVolume(stage, node, name);
  } finally {
    await scale(1);
  }
}

/** Pushes an image that is nowhere yet, pulls it on another node, and takes it out of the registry again. */
async function pushAnew(stage: Stage, like: string, from: NodeHandle, to: NodeHandle) {
  const { username, password } = login(stage);
  const repository = repositoryOf(like);
  const target = `${repository}:drill-${stage.runId}`;
  await stage.on(
    from,
    `at=$(mktemp -d); trap 'rm -rf "$at"' EXIT; echo ${stage.runId} > "$at/drill"
tar -C "$at" -cf - drill | docker image import - ${target} >/dev/null`,
  );
  const commands = `docker image push --quiet ${target} >/dev/null
docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' ${target} | grep '^${repository}@'
docker image rm --force ${target} >/dev/null`;
  const digest = await stage.on(from, loggedIn(username, hostOf(like), commands), {
    ...{ seconds: 60, stdin: password },
  });
  stage.fact("pushed", digest);
  stage.fact("pulledBack", await pull(stage, to, digest));
  const [host, path] = [hostOf(like), repository.slice(hostOf(like).length + 1)];
  const manifest = `${path}/manifests/${digest.slice(digest.indexOf("@") + 1)}`;
  await ask(stage, from, host, manifest, "-X DELETE");
}

async function run(stage: Stage): Promise<void> {
  const [from, to] = [...stage.managers].reverse();
  if (from === undefined || to === undefined) throw new Error("a lab without two managers");
  login(stage);
  stage.phase("plant", "what the registry has, and a backup of it");
  const images = await serviceImages(stage);
  stage.fact("images", images);
  const [first = ""] = images;
  const registry = hostOf(first);
  stage.fact("catalogBefore", await catalog(stage, from, registry));
  const backup = await stage.backUp({ registry: true });
  stage.fact("manifest", backup.manifest);
  const part = backup.manifest.parts.find(({ kind }) => kind === "registry");
  if (part === undefined) throw new Error("the backup has no part of the registry");
  stage.phase("break", `the registry's volume is lost on ${part.node}`);
  stage.mark("fault");
  await loseVolume(stage, part);
  stage.phase("prove", "nobody gets an image that is not there already");
  stage.fact("catalogLost", await catalog(stage, from, registry));
  const lost: Pull[] = [];
  for (const image of images) lost.push(await pull(stage, from, image));
  stage.fact("pullsLost", lost);
  stage.phase("recover", "the registry's data comes back from the backup");
  await stage.restoreVolume(backup, part.name);
  stage.phase("verify", "every image by its digest, on a node that has none of them");
  stage.fact("catalogAfter", await catalog(stage, from, registry));
  const pulls: Pull[] = [];
  for (const image of images) pulls.push(await pull(stage, from, image));
  stage.fact("pulls", pulls);
  stage.mark("healed");
  await pushAnew(stage, first, from, to);
  stage.fact("catalogEnd", await catalog(stage, from, registry));
}

const whole = ({ code, pulled, there }: Pull) => code === 0 && pulled > 0 && there === 0;
const words = (pulls: readonly Pull[]) =>
  pulls
    .map(({ reference, code, said }) => `${reference.slice(-12)}: ${code === 0 ? "pulled" : said}`)
    .join("; ") || "none tried";

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const tried = (pulls: readonly Pull[]) => pulls.map(({ reference }) => reference);
  return [
    checkThat(
      "the registry had lost everything",
      "an empty catalog, and every pull refused",
      `${Object.keys(seen.catalogLost).length} repositories; ${words(seen.pullsLost)}`,
      Object.keys(seen.catalogLost).length === 0 &&
        seen.pullsLost.length > 0 &&
        seen.pullsLost.every(({ code, said }) => code !== 0 && /not found|unknown/.test(said)),
    ),
    checkThat(
      "the backup names the registry's volume",
      "a part of kind registry",
      seen.manifest.parts.map(({ kind, name, node }) => `${kind} ${name} of ${node}`).join(", "),
      seen.manifest.parts.some(({ kind }) => kind === "registry"),
    ),
    checkEqual("repositories and tags are what they were", seen.catalogBefore, seen.catalogAfter),
    checkEqual("every image that a service uses was asked for", seen.images, tried(seen.pulls)),
    checkThat(
      "each came by its digest, all layers over the network",
      `${seen.images.length} pulled, no layer there before`,
      words(seen.pulls),
      seen.images.length > 0 && seen.pulls.every(whole),
    ),
    checkThat(
      "a push works again, and another node pulls it",
      "pulled by digest",
      `${seen.pushed.slice(-12)}: ${seen.pulledBack.said}`,
      seen.pulledBack.reference === seen.pushed && whole(seen.pulledBack),
    ),
    checkEqual("the registry is left as it was", seen.catalogBefore, seen.catalogEnd),
  ];
}

/** F2: images are not in the swarm's backup. */
export const restoreRegistry: Drill = {
  name: "restore-registry",
  question: "The registry's data is gone. Can my nodes pull what the services need?",
  minutes: 1,
  minimumWrites: 0,
  limits: [
    "The registry's own image and the edge's are loaded on their nodes and never in the registry: a registry that runs in the swarm cannot be pulled from itself.",
  ],
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.app(ground),
      ground.registry ? undefined : "it has no registry of its own",
    ),
  run,
  judge,
};
