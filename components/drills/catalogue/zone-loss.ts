import { whatIf } from "../../swarm/quorum.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { backAsManager, elected, except } from "./members.ts";
import { refusedBy } from "./refusal.ts";
import { spreadAgain } from "./spread.ts";
import { judgeZoneLoss } from "./zone-loss-judge.ts";
import { appOf, largest, nodesOf } from "./zone-loss-world.ts";

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const zone = await largest(stage);
  const service = await appOf(stage);
  const left = except(stage.managers, ...zone);
  const before = nodesOf(await stage.containers(), service);
  stage.fact("zone", zone[0]?.zone);
  stage.fact(
    "lost",
    zone.map(({ name }) => name),
  );
  stage.fact(
    "left",
    left.map(({ name }) => name),
  );
  stage.fact("worker", zone.find(({ role }) => role === "worker")?.name);
  stage.fact("before", before);
  stage.fact(
    "spread",
    whatIf(
      stage.nodes,
      zone.map(({ name }) => name),
    ).sentence,
  );
  stage.phase(
    "break",
    `zone ${zone[0]?.zone} loses its power: ${zone.map(({ name }) => name).join(", ")}`,
  );
  stage.mark("fault");
  await Promise.all(zone.map((node) => stage.kill(node)));
  stage.phase("prove", "managers spread one to a zone go on, and so does the application");
  const leader = await elected(stage, left);
  await stage.moreWrites(20, 60);
  stage.fact(
    "moved",
    await stage.until<string[]>(`${service} is whole in the zones that are left`, 120, async () => {
      const now = nodesOf(await stage.containers(), service);
      return now.length === before.length
        ? { done: now }
        : { waiting: `${now.length} of ${before.length}` };
    }),
  );
  stage.mark("moved");
  const [second] = except(left, leader);
  if (second === undefined) throw new Error("a lab without three managers");
  stage.phase(
    "prove",
    `with ${second.name} in the same zone it would have been two of three managers`,
  );
  stage.fact("second", second.name);
  stage.fact(
    "pair",
    whatIf(
      stage.nodes,
      [...zone, second].map(({ name }) => name),
    ).sentence,
  );
  await stage.kill(second);
  stage.mark("pair");
  stage.fact("refusal", await refusedBy(stage, leader));
  stage.mark("refused");
  stage.phase("recover", "the power is back");
  const back = [...zone, second];
  await Promise.all(back.map((node) => stage.start(node)));
  await stage.moreWrites(5, 120);
  const managers = back.filter(({ role }) => role === "manager");
  for (const node of managers) await backAsManager(stage, leader, node);
  stage.mark("healed");
  stage.phase("verify", "nothing is lost, and nothing moves back by itself");
  await stage.moreWrites(30, 60);
  await stage.whole(120);
  stage.fact("after", nodesOf(await stage.containers(), service));
  await keepQuorum(stage);
  await spreadAgain(stage);
}

/** B11: all of a zone at once; one manager of three in it, and two. */
export const zoneLoss: Drill = {
  name: "zone-loss",
  question: "A whole availability zone fails. Does the swarm go on, and on what does it depend?",
  minutes: 2.5,
  minimumWrites: 20,
  claims: [
    {
      says: "Managers are spread over the availability zones of one region",
      shows:
        "One to a zone they survive the loss of any; with two of three in the zone that is lost nothing can be changed.",
      holds: "yes",
    },
    {
      says: "Swarm should not manage nodes across zones; separate clusters behind a load balancer are better",
      shows:
        "One swarm over three zones survives what one swarm in each would not. Between regions, where every write waits for a distant majority, the advice holds.",
      holds: "partly",
    },
  ],
  limits: [
    "The lab has one manager to a zone: a second one in the zone that is lost is staged by its loss right after.",
    "All zones are on one machine: what distance costs each write is not measured.",
  ],
  needs: (ground) => {
    const zones = new Set(
      ground.nodes.filter(({ role }) => role === "manager").map(({ zone }) => zone),
    );
    return need.all(
      need.managers(ground, 3),
      zones.size >= 3 ? undefined : `its managers are in ${zones.size} zones, and this needs 3`,
      need.workers(ground, 2),
      need.app(ground),
    );
  },
  run,
  judge: judgeZoneLoss,
};
