import { tolerance } from "../../swarm/quorum.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import {
  ackedWithin,
  backAsManager,
  elected,
  except,
  inWords,
  listed,
  members,
  waited,
} from "./members.ts";
import { refusedBy } from "./refusal.ts";

interface Facts {
  readonly fourth: string;
  readonly four: readonly string[];
  readonly one: string;
  readonly two: string;
  /** What the leader answered, at last, with two of four. */
  readonly refusal: string;
  readonly afterwards: readonly string[];
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, and a fourth one");
  await stage.startTraffic();
  const leader = await stage.leader();
  const [first, second] = except(stage.managers, leader);
  const fourth = stage.workers.at(-1);
  if (first === undefined || second === undefined || fourth === undefined)
    throw new Error("a lab without three managers and a worker");
  stage.defer(`${fourth.name} is a worker`, async () => {
    const via = await stage.leader();
    await stage.on(via, `docker node demote ${fourth.name} >/dev/null`);
    await listed(stage, via, fourth.name, /^\S+ (Ready|Unknown)$/);
  });
  await stage.on(leader, `docker node promote ${fourth.name}`);
  await backAsManager(stage, leader, fourth);
  stage.fact("fourth", fourth.name);
  const managersOf = async () =>
    (await members(stage, leader)).filter(({ manager }) => manager !== "").map(inWords);
  stage.fact("four", await managersOf());
  stage.phase("break", `${first.name} loses its power, then ${second.name} as well`);
  stage.mark("fault");
  stage.fact("one", first.name);
  await stage.kill(first);
  await listed(stage, leader, first.name, /Unreachable$/);
  await stage.moreWrites(20, 60);
  stage.mark("second");
  stage.fact("two", second.name);
  await stage.kill(second);
  stage.mark("lost");
  stage.phase("prove", "two of four are no majority");
  stage.fact("refusal", await refusedBy(stage, leader));
  stage.mark("refused");
  stage.phase("recover", "one of them is switched on, then the other");
  await stage.start(second);
  await stage.moreWrites(5, 120);
  stage.mark("api");
  await stage.start(first);
  const led = await elected(stage, [leader, first, second, fourth]);
  // The fourth may lead now: whoever demotes it has to be a manager afterwards as well.
  const via = led.name === fourth.name ? leader : led;
  for (const node of [first, second]) await backAsManager(stage, via, node);
  stage.mark("healed");
  stage.phase("verify", `${fourth.name} is a worker again`);
  await stage.on(via, `docker node demote ${fourth.name}`);
  await listed(stage, via, fourth.name, /^\S+ Ready$/);
  await stage.moreWrites(30, 60);
  stage.fact("afterwards", (await members(stage, via)).map(inWords));
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, second = 0, lost = 0, refused = 0 } = evidence.marks;
  const one = ackedWithin(evidence, fault, second);
  const two = ackedWithin(evidence, lost, refused);
  return [
    checkThat(
      "there are four managers",
      "4, all Leader or Reachable",
      seen.four.join(", "),
      seen.four.length === 4 && seen.four.every((line) => / Ready (Leader|Reachable)$/.test(line)),
    ),
    checkThat(
      `four do without ${tolerance(4)}, as three do`,
      "20 writes or more with three of four, and no pause of more than 3 s",
      `${one}, ${waited(evidence, fault, second).toFixed(1)} s`,
      one >= 20 && waited(evidence, fault, second) <= 3,
    ),
    checkThat(
      "and not without two",
      "0 writes acknowledged with two of four",
      `${two} in ${((refused - lost) / 1000).toFixed(1)} s`,
      lost > 0 && refused - lost >= 3000 && two === 0,
    ),
    checkThat(
      "the swarm says why",
      "it does not have a leader",
      seen.refusal.slice(0, 160),
      /does not have a leader|lost leader status|deadline/i.test(seen.refusal),
    ),
    checkEqual(
      "there are as many managers as before",
      [3, `${seen.fourth} Ready`],
      [
        seen.afterwards.filter((line) => / (Leader|Reachable|Unreachable)$/.test(line)).length,
        seen.afterwards.find((line) => line.startsWith(`${seen.fourth} `)),
      ],
    ),
    checkQuorum(evidence.facts),
  ];
}

/** Four managers need three, so that they bear no more losses than three do. */
export const evenManagers: Drill = {
  name: "even-managers",
  question: "Three managers bear the loss of one. I add a fourth: do they bear the loss of two?",
  minutes: 1.5,
  minimumWrites: 20,
  claims: [
    {
      says: "An odd number of managers",
      shows: "Four bear the loss of one, as three do: with two of four nothing can be written.",
      holds: "yes",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.workers(ground, 1)),
  run,
  judge,
};
