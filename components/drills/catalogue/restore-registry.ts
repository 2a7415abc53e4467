import type { Manifest } from "../../backup/manifest.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { removeVolume } from "./app-tasks.ts";
import {
  type Catalog,
  catalog,
  deleteManifest,
  forget,
  hostOf,
  login,
  type Pull,
  pull,
  push,
  repositoryOf,
  scaleRegistry,
  serviceImages,
} from "./registry-access.ts";

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

async function loseVolume(stage: Stage, { name, node: holder }: { name: string; node: string }) {
  const node = stage.nodes.find((one) => one.name === holder);
  if (node === undefined) throw new Error(`${holder} is no node of this lab`);
  await scaleRegistry(stage, 0);
  try {
    await removeVolume(stage, node, name);
  } finally {
    await scaleRegistry(stage, 1);
  }
}

/** Pushes an image that is nowhere yet, pulls it on another node, and takes it out of the registry again. */
async function pushAnew(stage: Stage, like: string, from: NodeHandle, to: NodeHandle) {
  const target = `${repositoryOf(like)}:drill-${stage.runId}`;
  await stage.on(
    from,
    `at=$(mktemp -d); trap 'rm -rf "$at"' EXIT; echo ${stage.runId} > "$at/drill"
tar -C "$at" -cf - drill | docker image import - ${target} >/dev/null`,
  );
  const digest = await push(stage, from, target);
  await stage.on(from, forget(target));
  stage.fact("pushed", digest);
  stage.fact("pulledBack", await pull(stage, to, digest));
  await deleteManifest(stage, from, digest);
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
  claims: [
    {
      says: "A registry's backup does not hold its images",
      shows:
        "here it does, as an archive of the volume; pulls by digest from an empty node prove it",
      holds: "partly",
    },
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
