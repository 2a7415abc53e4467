import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest } from "../load.ts";
import type { ServiceSeen, Stage } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";
import { runningImages, START_FIRST } from "./own-services.ts";

const REPLICAS = 2;

/** How the service was when a change of it had ended. */
interface State {
  readonly service: ServiceSeen;
  readonly images: readonly string[];
}

interface Facts {
  readonly name: string;
  /** Image of each release, the first one's at the front. */
  readonly releases: readonly [string, string, string];
  readonly first: State;
  readonly second: State;
  readonly third: State;
  readonly back: State;
  readonly again: State;
  readonly load: readonly LoadRequest[];
}

async function run(stage: Stage): Promise<void> {
  const [from] = stage.workers;
  if (from === undefined) throw new Error("a lab without workers");
  stage.phase("plant", "a service, and a client that asks it all the while");
  const [two, three] = [await stage.release("2"), await stage.release("3")];
  const name = await stage.startService("web", { replicas: REPLICAS, flags: START_FIRST });
  stage.fact("name", name);
  await stage.tasksRun(name, REPLICAS);
  const state = async (): Promise<State> => {
    await stage.tasksRun(name, REPLICAS);
    return { service: await stage.service(name), images: await runningImages(stage, name) };
  };
  const change = async (command: string, end: string): Promise<State> => {
    await stage.on(
      await stage.leader(),
      `docker service ${command} --detach --quiet ${name} >/dev/null`,
    );
    await stage.updateEnds(name, [end]);
    return state();
  };
  const update = (image: string) =>
    change(`update --no-resolve-image --image ${image}`, "completed");
  const first = await state();
  stage.fact("first", first);
  stage.fact("releases", [first.service.image, two, three]);
  await stage.startLoad(from, [name]);
  stage.mark("fault");
  stage.fact("second", await update(two));
  stage.phase("break", "a release that runs, and that nobody wants");
  stage.fact("third", await update(three));
  stage.phase("recover", "docker service rollback");
  stage.fact("back", await change("rollback", "rollback_completed"));
  stage.phase("verify", "once more: there is no way back to the first");
  stage.fact("again", await change("rollback", "rollback_completed"));
  stage.mark("healed");
  stage.fact("load", await stage.endLoad());
}

function judge({ facts, fault }: Evidence): Check[] {
  const { name, releases, load, ...seen } = facts as unknown as Facts;
  const release = (image: string) => `release ${releases.indexOf(image) + 1 || "none"}`;
  const words = ({ service, images }: State) =>
    `${service.update || "new"}, ${images.map(release).join(" and ") || "nothing runs"}, ${
      service.previousImage === "" ? "nothing" : release(service.previousImage)
    } to go back to`;
  const is = (
    what: string,
    state: State,
    update: string,
    now: number,
    before: number | undefined,
  ) => {
    const previous = before === undefined ? "nothing" : `release ${before}`;
    const expected = `${update}, release ${now} and release ${now}, ${previous} to go back to`;
    return checkThat(what, expected, words(state), words(state) === expected);
  };
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  const versions = [
    ...new Set(asked(load, name, window).flatMap(({ version }) => version ?? [])),
  ].sort();
  return [
    is("it began with the first release", seen.first, "new", 1, undefined),
    is("the second release runs", seen.second, "completed", 2, 1),
    is("the unwanted release runs", seen.third, "completed", 3, 2),
    is("a rollback brings the one before back", seen.back, "rollback_completed", 2, 3),
    is("a rollback of the rollback goes forward again", seen.again, "rollback_completed", 3, 2),
    checkThat(
      "the client was answered by every release",
      "1, 2, 3",
      versions.join(", "),
      versions.join(", ") === "1, 2, 3",
    ),
    checkNoneFailed("no request failed meanwhile", asked(load, name, window)),
  ];
}

/** A service remembers one specification, the one before. */
export const manualRollback: Drill = {
  name: "manual-rollback",
  question: "The new release is wrong and nothing noticed. How do I go back, and how far?",
  minutes: 1,
  minimumWrites: 0,
  claims: [
    {
      says: "Rolling update, `--update-parallelism`, `--rollback`",
      shows:
        "`docker service rollback` goes one specification back and no further: the next one goes forward again",
      holds: "partly",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 1), need.app(ground)),
  run,
  judge,
};
