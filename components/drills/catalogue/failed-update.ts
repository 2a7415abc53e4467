import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest, loadInWords } from "../load.ts";
import type { ServiceSeen, Stage, TaskSeen } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { runningImages } from "./own-services.ts";

/** Seconds that the second bad release lives: longer than an update is watched by default, which is five. */
const LIFE = 15;
const UP = "--update-failure-action rollback --update-order start-first --rollback-monitor 1s";

/** One service for each way of being told of a bad release. */
const SERVICES = {
  /** Never healthy, and the update may go back. */
  sick: { replicas: 2, flags: UP },
  /** Never healthy, and nothing was said of failures. */
  paused: { replicas: 1, flags: "--update-order start-first" },
  /** Healthy, and dead later than the update looks. */
  late: { replicas: 1, flags: UP },
  /** The same, with an update that looks for longer. */
  watched: { replicas: 1, flags: `${UP} --update-monitor 40s` },
} as const;
type Case = keyof typeof SERVICES;
const CASES = Object.keys(SERVICES) as Case[];

interface Facts {
  readonly names: Readonly<Record<Case, string>>;
  /** The good image, the one that is never healthy, and the one that dies. */
  readonly good: string;
  readonly bad: Readonly<Record<Case, string>>;
  readonly updated: Readonly<Record<Case, ServiceSeen>>;
  /** Tasks of `late` once one has died after its update was completed. */
  readonly lateTasks: readonly TaskSeen[];
  readonly lateService: ServiceSeen;
  readonly sickTasks: readonly TaskSeen[];
  readonly repaired: Readonly<Partial<Record<Case, ServiceSeen>>>;
  readonly images: Readonly<Record<Case, readonly string[]>>;
  readonly load: readonly LoadRequest[];
}

async function each<T>(work: (one: Case) => Promise<T>): Promise<Record<Case, T>> {
  const found = await Promise.all(CASES.map(async (one) => [one, await work(one)] as const));
  return Object.fromEntries(found) as Record<Case, T>;
}

async function run(stage: Stage): Promise<void> {
  const [from] = stage.workers;
  if (from === undefined) throw new Error("a lab without workers");
  stage.phase("plant", "four services of a good release, and two bad releases");
  const sick = await stage.release("sick", { env: { CONFIG_FILE: "/nowhere" } });
  const dying = await stage.release("dying", { dies: LIFE });
  const names = await each((one) => stage.startService(one, SERVICES[one]));
  stage.fact("names", names);
  await each((one) => stage.tasksRun(names[one], SERVICES[one].replicas));
  stage.fact("good", (await stage.service(names.sick)).image);
  await stage.startLoad(from, [names.sick, names.late]);
  stage.phase("break", "all are updated to a release that does not work");
  const bad = { sick, paused: sick, late: dying, watched: dying };
  stage.fact("bad", bad);
  stage.mark("fault");
  const leader = await stage.leader();
  await each((one) =>
    stage.on(
      leader,
      `docker service update --detach --quiet --no-resolve-image --image ${bad[one]} ${names[one]} >/dev/null`,
    ),
  );
  stage.phase("prove", "one goes back by itself, one stops, and one is content");
  const ends = ["completed", "paused", "rollback_completed", "rollback_paused"];
  stage.fact("updated", await each((one) => stage.updateEnds(names[one], ends, 120)));
  stage.fact("sickTasks", await stage.tasks(names.sick));
  const dead = await stage.until<TaskSeen[]>("the late release dies", 60, async () => {
    const tasks = await stage.tasks(names.late);
    const over = tasks.some(({ image, state }) => image === dying && state === "failed");
    return over ? { done: tasks } : { waiting: tasks.map(({ state }) => state).join(", ") };
  });
  stage.fact("lateTasks", dead);
  stage.fact("lateService", await stage.service(names.late));
  stage.phase("recover", "what did not go back by itself is told to");
  const repaired: Partial<Record<Case, ServiceSeen>> = {};
  for (const one of ["paused", "late"] as const)
    await stage.on(leader, `docker service rollback --detach --quiet ${names[one]} >/dev/null`);
  for (const one of ["paused", "late"] as const)
    repaired[one] = await stage.updateEnds(names[one], ["rollback_completed"]);
  stage.fact("repaired", repaired);
  await each((one) => stage.tasksRun(names[one], SERVICES[one].replicas));
  stage.mark("healed");
  stage.phase("verify", "every service has the good release");
  stage.fact("images", await each((one) => runningImages(stage, names[one])));
  stage.fact("load", await stage.endLoad());
}

function judge({ facts, fault }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { names, good, bad, updated, lateTasks, lateService, sickTasks, load } = seen;
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  const release = (image: string) => (image === good ? "the good release" : "the bad release");
  const ended = (what: string, one: Case, state: string, image: string) => {
    const found = updated[one];
    const words = `${found.update} with ${release(found.image)}`;
    return checkThat(
      what,
      `${state} with ${release(image)}`,
      `${words}: ${found.message}`,
      found.update === state && found.image === image,
    );
  };
  const sick = sickTasks.filter(({ image }) => image === bad.sick);
  const sickWanted = sick.filter(({ desired }) => desired === "running").length;
  const died = lateTasks.filter(({ image, state }) => image === bad.late && state === "failed");
  const calls = asked(load, names.late, window);
  const wrong = CASES.filter(
    (one) =>
      seen.images[one]?.length !== SERVICES[one].replicas ||
      seen.images[one]?.some((image) => image !== good),
  );
  return [
    ended(
      "a release that is never healthy goes back by itself",
      "sick",
      "rollback_completed",
      good,
    ),
    // An application that ends with 0 when it is told to leaves no word of its health behind.
    checkThat(
      "its bad tasks were tried, and none is left",
      "1 or more tried, 0 wanted",
      `${sick.length} tried: ${sick.map(({ state, error }) => `${state} ${error}`).join(", ")}; ${sickWanted} wanted`,
      sick.length > 0 && sickWanted === 0,
    ),
    checkNoneFailed("no request to it failed meanwhile", asked(load, names.sick, window)),
    ended("by default the update only stops, half done", "paused", "paused", bad.paused),
    ended(
      "a release that dies later than it is watched counts as good",
      "late",
      "completed",
      bad.late,
    ),
    checkThat(
      "and dies, with nothing that would go back",
      "1 or more died; completed with the bad release",
      `${died.length} died${died[0] ? `: ${died[0].error}` : ""}; ${lateService.update} with ${release(lateService.image)}`,
      died.length > 0 && lateService.update === "completed" && lateService.image === bad.late,
    ),
    checkThat(
      "its users notice",
      "1 or more failed",
      loadInWords(calls),
      calls.some(({ failed }) => failed !== undefined),
    ),
    ended("watched for longer, it goes back by itself", "watched", "rollback_completed", good),
    checkEqual(
      "the others go back when they are told",
      "rollback_completed, rollback_completed",
      `${seen.repaired.paused?.update}, ${seen.repaired.late?.update}`,
    ),
    checkThat(
      "every task runs the good release, by the nodes' own word",
      "none else",
      wrong.join(", ") || "none else",
      wrong.length === 0,
    ),
  ];
}

/** E2, and what it misses. */
export const failedUpdate: Drill = {
  name: "failed-update",
  question: "I ship a broken release. Does the swarm go back by itself?",
  minutes: 1,
  minimumWrites: 0,
  claims: [
    {
      says: "Health checks; a monitoring system (Prometheus) can act on them",
      shows:
        "with `--update-failure-action rollback` a release that is never healthy goes back by itself, and no request fails; by default the update only pauses",
      holds: "partly",
    },
    {
      says: "`--update-monitor` defaults to 30 s",
      shows: `it is 5 s: a release that dies after ${LIFE} s counts as a success and is not rolled back, and with a longer monitor it is`,
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 1), need.app(ground)),
  run,
  judge,
};
