import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import {
  catalog,
  deleteManifest,
  forget,
  hostOf,
  loggedIn,
  login,
  type Pull,
  pull,
  push,
  repositoryOf,
  scaleRegistry,
  serviceImages,
} from "./registry-access.ts";
import { collectInside, collectOff, homeOf, sizeOf } from "./registry-gc-home.ts";
import { judgeRegistryGc, SIZE } from "./registry-gc-judge.ts";
import { said } from "./said.ts";

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
  stage.fact("dryRun", said(await stage.try(node, collectInside("--dry-run"))));
  stage.fact("collected", said(await stage.try(node, collectInside(""), { seconds: 60 })));
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

/** F3: garbage collection, in the wrong order and in the right one. */
export const registryGc: Drill = {
  name: "registry-gc",
  question:
    "I deleted an image and collected the garbage. Why can nobody pull what I pushed since?",
  minutes: 0.5,
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
  judge: judgeRegistryGc,
};
