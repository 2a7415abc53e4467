import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import {
  type Catalog,
  catalog,
  deleteManifest,
  forget,
  hostOf,
  loggedIn,
  login,
  type Pull,
  pull,
  push,
  REGISTRY_SERVICE,
  repositoryOf,
  scaleRegistry,
  serviceImages,
} from "./registry-access.ts";
import { ending, type Said, said } from "./said.ts";

/** KiB of the image that becomes garbage. */
const SIZE = 4096;

/** The registry as its node has it: the image it runs and the volume its data is on. */
interface Home {
  readonly node: string;
  readonly image: string;
  readonly volume: string;
}

interface Facts {
  readonly before: Catalog;
  readonly after: Catalog;
  readonly images: readonly string[];
  readonly pulledBefore: Pull;
  /** Collected while it runs: what the collector said, then a push of the same image, then a pull of it. */
  readonly collected: Said;
  readonly pushed: Said;
  readonly pulledAfter: Pull;
  /** The same push and pull after a restart. */
  readonly pulledRestarted: Pull;
  /** What a collection would take, said beforehand. */
  readonly dryRun: Said;
  /** KiB on the volume: before the image came, with it, and after a collection of a registry that was off. */
  readonly size: { readonly before: number; readonly with: number; readonly after: number };
  readonly pulls: readonly Pull[];
}

const CONTAINER = `docker ps -q --filter label=com.docker.swarm.service.name=${REGISTRY_SERVICE}`;
const COLLECT = "garbage-collect";
const CONFIG = "/etc/docker/registry/config.yml";
/** The collector names every layer; its last word, how many it keeps and how many go, is enough. */
const COUNT = "grep 'blobs marked'";

async function homeOf(stage: Stage): Promise<{ home: Home; node: NodeHandle }> {
  for (const node of stage.workers) {
    const format = `{{.Image}} {{range .Mounts}}{{if eq .Destination "/var/lib/registry"}}{{.Name}}{{end}}{{end}}`;
    const { stdout } = await stage.try(node, `docker inspect --format '${format}' $(${CONTAINER})`);
    const [image = "", volume = ""] = stdout.trim().split(" ");
    if (image !== "" && volume !== "") return { node, home: { node: node.name, image, volume } };
  }
  throw new Error("no worker runs the registry with its data on a volume");
}

/** A command of the registry's own image on its data, while no registry runs. */
const beside = ({ image, volume }: Home, entrypoint: string, command: string) =>
  `docker run --rm --network none --label swarm-lab.drill --volume ${volume}:/var/lib/registry --entrypoint ${entrypoint} ${image} ${command}`;

const sizeOf = async (stage: Stage, node: NodeHandle) =>
  Number(
    (await stage.on(node, `docker exec $(${CONTAINER}) du -sk /var/lib/registry`)).split(/\s/)[0],
  );

/** The right order: nobody writes, then what is not needed goes, then it starts with nothing in its memory. */
async function collectOff(stage: Stage, node: NodeHandle, home: Home): Promise<void> {
  await scaleRegistry(stage, 0);
  const collect = beside(home, "docker-registry", `${COLLECT} ${CONFIG}`);
  await stage.on(node, `${collect} 2>&1 | ${COUNT}`, { seconds: 60 });
  await scaleRegistry(stage, 1);
}

async function run(stage: Stage): Promise<void> {
  const [from, to] = [...stage.managers].reverse();
  if (from === undefined || to === undefined) throw new Error("a lab without two managers");
  const { username, password } = login(stage);
  const images = await serviceImages(stage);
  stage.fact("images", images);
  const [like = ""] = images;
  const registry = hostOf(like);
  const target = `${repositoryOf(like)}:drill-${stage.runId}`;
  const { node, home } = await homeOf(stage);
  stage.phase("plant", "an image of its own, pushed on one node and pulled on another");
  stage.fact("before", await catalog(stage, from, registry));
  const before = await sizeOf(stage, node);
  stage.defer("the image goes", () => stage.on(from, forget(target)));
  stage.defer("the registry runs", () => scaleRegistry(stage, 1));
  await stage.on(
    from,
    `at=$(mktemp -d); trap 'rm -rf "$at"' EXIT; head -c ${SIZE * 1024} /dev/urandom > "$at/drill"
tar -C "$at" -cf - drill | docker image import - ${target} >/dev/null`,
  );
  const reference = await push(stage, from, target);
  stage.fact("pulledBefore", await pull(stage, to, reference));
  const full = await sizeOf(stage, node);
  stage.phase("break", "it is deleted, and the garbage collected while the registry runs");
  stage.mark("fault");
  await deleteManifest(stage, from, reference);
  const inside = (options: string) =>
    `docker exec $(${CONTAINER}) docker-registry ${COLLECT} ${options} ${CONFIG} 2>&1 | ${COUNT}`;
  stage.fact("dryRun", said(await stage.try(node, inside("--dry-run"))));
  stage.fact("collected", said(await stage.try(node, inside(""), { seconds: 60 })));
  stage.phase("prove", "a push of the same image is fine, and a pull finds nothing");
  const again = loggedIn(username, registry, `docker image push ${target} 2>&1 | tail -n 2`);
  stage.fact("pushed", said(await stage.try(from, again, { seconds: 60, stdin: password })));
  stage.fact("pulledAfter", await pull(stage, to, reference));
  stage.phase("recover", "the registry is restarted, and the image pushed once more");
  await scaleRegistry(stage, 0);
  await scaleRegistry(stage, 1);
  await catalog(stage, from, registry);
  await push(stage, from, target);
  stage.fact("pulledRestarted", await pull(stage, to, reference));
  stage.phase("verify", "collected while it is off: the space is free, and every image there");
  await deleteManifest(stage, from, reference);
  await collectOff(stage, node, home);
  stage.mark("healed");
  stage.fact("after", await catalog(stage, from, registry));
  stage.fact("size", { before, with: full, after: await sizeOf(stage, node) });
  const pulls: Pull[] = [];
  for (const image of images) pulls.push(await pull(stage, to, image));
  stage.fact("pulls", pulls);
}

const whole = ({ code, pulled, there }: Pull) => code === 0 && pulled > 0 && there === 0;

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { size, images, pulls } = seen;
  const tried = pulls.map(({ reference }) => reference);
  return [
    checkThat(
      "the image was there",
      "pulled by digest",
      seen.pulledBefore.said,
      whole(seen.pulledBefore),
    ),
    checkThat(
      "a dry run says what would go",
      "blobs eligible for deletion",
      ending(seen.dryRun),
      seen.dryRun.code === 0 &&
        /, [1-9]\d* blobs [^,]*eligible for deletion/.test(seen.dryRun.text),
    ),
    checkThat(
      "collected while the registry runs: a push of the same image is well received",
      "code 0, with a digest",
      `${ending(seen.collected)}; ${ending(seen.pushed)}`,
      seen.collected.code === 0 && seen.pushed.code === 0 && /sha256:/.test(seen.pushed.text),
    ),
    checkThat(
      "and the image is not there",
      "unknown",
      seen.pulledAfter.said,
      seen.pulledAfter.code !== 0 && /unknown|not found/.test(seen.pulledAfter.said),
    ),
    checkThat(
      "after a restart the same push brings it back",
      "pulled by digest, over the network",
      seen.pulledRestarted.said,
      whole(seen.pulledRestarted),
    ),
    checkThat(
      "collected while the registry is off: the space is free again",
      `${size.with} KiB less ${SIZE / 2} or more, and ${size.before} was before`,
      `${size.after} KiB`,
      size.with - size.before >= SIZE / 2 && size.with - size.after >= SIZE / 2,
    ),
    checkEqual("repositories and tags are what they were", seen.before, seen.after),
    checkEqual("every image that a service uses was asked for", images, tried),
    checkThat(
      "each comes by its digest",
      `${images.length} pulled`,
      pulls.map(({ said }) => said).join("; ") || "none",
      images.length > 0 && pulls.every(whole),
    ),
  ];
}

/** F3: garbage collection, in the wrong order and in the right one. */
export const registryGc: Drill = {
  name: "registry-gc",
  question:
    "I deleted an image and collected the garbage. Why can nobody pull what I pushed since?",
  minutes: 1,
  minimumWrites: 0,
  claims: [
    {
      says: "Garbage collection makes the registry read-only.",
      shows:
        "This registry does not protect itself: collected while it runs, it says yes to a push of what it no longer has, until it is restarted.",
      holds: "partly",
    },
    {
      says: "Deleting an image frees its space.",
      shows: "Only the collection does; what services use by digest is there afterwards.",
      holds: "no",
    },
  ],
  limits: ["Images for several platforms, whose parts old registries collected, are not tried."],
  needs: (ground) =>
    need.all(
      need.managers(ground, 2),
      need.app(ground),
      ground.registry ? undefined : "it has no registry of its own",
    ),
  run,
  judge,
};
