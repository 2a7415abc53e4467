import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest, loadInWords, outage } from "../load.ts";
import type { ContainerSeen, ServiceSeen, Stage } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";
import { runningAtOnce, runningImages, START_FIRST } from "./own-services.ts";

const REPLICAS = 3;

interface Facts {
  readonly web: string;
  /** One task, updated in the order that is the default: the old task stops first. */
  readonly gap: string;
  readonly release: string;
  readonly updated: ServiceSeen;
  readonly updatedGap: ServiceSeen;
  readonly images: readonly string[];
  readonly containers: readonly ContainerSeen[];
  readonly load: readonly LoadRequest[];
}

async function run(stage: Stage): Promise<void> {
  const [from] = stage.workers;
  if (from === undefined) throw new Error("a lab without workers");
  stage.phase("plant", "two services of release 1, and a client that asks both all the while");
  const release = await stage.release("2");
  stage.fact("release", release);
  const web = await stage.startService("web", { replicas: REPLICAS, flags: START_FIRST });
  const gap = await stage.startService("gap", { replicas: 1, flags: "--update-monitor 1s" });
  stage.fact("web", web);
  stage.fact("gap", gap);
  await stage.tasksRun(web, REPLICAS);
  await stage.tasksRun(gap, 1);
  await stage.startLoad(from, [web, gap]);
  stage.phase("break", "both get release 2, one task at a time");
  stage.mark("fault");
  const leader = await stage.leader();
  for (const name of [web, gap])
    await stage.on(
      leader,
      `docker service update --detach --quiet --no-resolve-image --image ${release} ${name} >/dev/null`,
    );
  stage.phase("recover", "the swarm replaces them");
  stage.fact("updated", await stage.updateEnds(web, ["completed", "paused"]));
  stage.fact("updatedGap", await stage.updateEnds(gap, ["completed", "paused"]));
  await stage.tasksRun(web, REPLICAS);
  await stage.tasksRun(gap, 1);
  stage.mark("healed");
  stage.phase("verify", "by what the nodes run and the client heard");
  stage.fact("images", await runningImages(stage, web));
  stage.fact("containers", await stage.serviceContainers(web));
  stage.fact("load", await stage.endLoad());
}

function judge({ facts, fault, marks }: Evidence): Check[] {
  const { web, gap, release, updated, updatedGap, images, containers, load } =
    facts as unknown as Facts;
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  const [requests, gaps] = [asked(load, web, window), asked(load, gap, window)];
  const { least, most } = runningAtOnce(containers, window);
  const starts = containers
    .filter(({ image, startedAt }) => image === release && startedAt !== null)
    .map(({ startedAt }) => startedAt ?? 0)
    .sort((a, b) => a - b);
  const versions = [...new Set(requests.flatMap(({ version }) => version ?? []))].sort();
  const after = asked(load, web, { from: marks.healed ?? 0, to: Number.MAX_SAFE_INTEGER });
  const old = after.filter(({ version }) => version !== undefined && version !== "2").length;
  const short = (image: string) => image.replace("sha256:", "").slice(0, 12);
  const dropped = gaps.some(({ failed }) => failed !== undefined);
  return [
    checkThat(
      "both updates are completed",
      "completed, completed",
      `${updated.update}, ${updatedGap.update}`,
      updated.update === "completed" && updatedGap.update === "completed",
    ),
    checkThat(
      "every task runs the new image, by the nodes' own word",
      `${REPLICAS} of ${short(release)}`,
      images.map(short).join(", ") || "none",
      images.length === REPLICAS && images.every((image) => image === release),
    ),
    checkThat(
      "never fewer run than are wanted: the new one comes before the old one goes",
      `${REPLICAS} or more, ${REPLICAS + 1} or more at times`,
      `${least} to ${most}`,
      least >= REPLICAS && most > REPLICAS,
    ),
    // A task is healthy one interval, a second, after its start at the soonest.
    checkThat(
      "one at a time: the next is started once the one before is healthy",
      `${REPLICAS}, 0.9 s or more between their starts`,
      starts.map((at) => ((at - window.from) / 1000).toFixed(1)).join(", ") || "none",
      starts.length === REPLICAS &&
        starts.every((at, index) => index === 0 || at - (starts[index - 1] ?? at) >= 900),
    ),
    checkThat(
      "both releases answered side by side, and the old one never afterwards",
      "1, 2; then 0 of the old",
      `${versions.join(", ")}; then ${old} of the old`,
      versions.join(", ") === "1, 2" && old === 0,
    ),
    checkNoneFailed("no request failed where new tasks start first", requests),
    checkThat(
      "in the default order, with one task, requests failed: the client would have noticed",
      "1 or more failed",
      `${loadInWords(gaps)}; for ${outage(gaps).toFixed(1)} s`,
      dropped,
    ),
  ];
}

/** E1: what a client notices of an update. */
export const rollingUpdate: Drill = {
  name: "rolling-update",
  question: "I update a service that is in use. Does any of its users notice?",
  minutes: 0.5,
  minimumWrites: 0,
  claims: [
    {
      says: "Rolling update, `--update-parallelism`, `--rollback`",
      shows:
        "with a health check, start-first and several tasks no request fails; in the default order (stop-first) a single task is away for seconds",
      holds: "partly",
    },
  ],
  limits: [
    "The client finds tasks by DNS and asks them directly: nothing is said of virtual IPs and the ingress mesh.",
  ],
  needs: (ground) => need.all(need.workers(ground, 1), need.app(ground)),
  run,
  judge,
};
