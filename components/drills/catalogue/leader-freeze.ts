import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import {
  backAsManager,
  checkElection,
  elected,
  except,
  inWords,
  members,
  waited,
} from "./members.ts";

/** Milliseconds from which on no read at the former leader may be old: swarms do not promise anything before it hears. */
const HEARD = 3000;

/** A read at the former leader: when it began, and the engine's answer. */
type Read = readonly [start: number, http: number];

interface Facts {
  readonly leader: string;
  readonly newLeader: string;
  /** Of what was written while it was frozen: those that began before, and those from when it went on. */
  readonly readsBefore: readonly Read[];
  readonly reads: readonly Read[];
  readonly returned: readonly string[];
}

const nameOf = (stage: Stage) => `drill-${stage.runId}-while-frozen`;
const stopOf = (stage: Stage) => `/tmp/swarm-lab-reader-${stage.runId}.stop`;

/** Reads one object over and over on a node; it is frozen and goes on with the node itself. */
async function reader(stage: Stage, node: NodeHandle): Promise<Read[]> {
  const url = `http://engine/configs/${nameOf(stage)}`;
  const said = await stage.on(
    node,
    `while [ ! -e ${stopOf(stage)} ]; do
  printf '%s ' "$(date +%s%3N)"
  curl -s -o /dev/null -w '%{http_code}\\n' --max-time 10 --unix-socket /var/run/docker.sock ${url} || :
  sleep 0.1
done; rm ${stopOf(stage)}`,
    { seconds: 240 },
  );
  return said.split("\n").map((line) => {
    const [start = 0, http = 0] = line.split(" ").map(Number);
    return [start, http] as const;
  });
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, and a reader on the leader");
  await stage.startTraffic();
  const leader = await stage.leader();
  stage.fact("leader", leader.name);
  const reading = reader(stage, leader);
  reading.catch(() => undefined); // awaited below; a failure in between must not end the drill's process
  stage.defer("the reader ends", () => stage.try(leader, `touch ${stopOf(stage)}`));
  await stage.moreWrites(20, 60);
  stage.phase(
    "break",
    `${leader.name}, the leader, is frozen: nothing of it runs, nothing is closed`,
  );
  stage.mark("fault");
  await stage.freeze(leader);
  stage.phase("prove", "the others elect one of themselves, and write");
  const next = await elected(stage, except(stage.managers, leader));
  stage.fact("newLeader", next.name);
  const name = nameOf(stage);
  await stage.on(
    next,
    `printf %s ${name} | docker config create --label swarm-lab.drill=${stage.runId} ${name} - >/dev/null`,
    { seconds: 60 },
  );
  await stage.moreWrites(20, 60);
  stage.phase("recover", "it goes on, and knows nothing of what has been");
  const thawed = stage.mark("thawed");
  await stage.thaw(leader);
  await backAsManager(stage, next, leader);
  stage.mark("healed");
  stage.phase("verify", "it follows, and tells nothing that is old");
  await stage.moreWrites(30, 60);
  await stage.on(leader, `touch ${stopOf(stage)}`);
  const reads = await reading;
  stage.fact("readsBefore", reads.filter(([start]) => start < thawed).slice(-20));
  stage.fact("reads", reads.filter(([start]) => start >= thawed).slice(0, 200));
  stage.fact("returned", (await members(stage, next)).map(inWords));
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, thawed = 0 } = evidence.marks;
  const codes = (http: number, since = 0) =>
    seen.reads.filter(([start, code]) => code === http && start >= thawed + since).length;
  const frozen = thawed - Math.max(0, ...seen.readsBefore.map(([start]) => start));
  const leaders = seen.returned.filter((line) => line.endsWith(" Leader"));
  return [
    checkThat(
      "nothing ran on it meanwhile",
      "it read nothing for 5 s or more",
      `${(frozen / 1000).toFixed(1)} s`,
      seen.readsBefore.length > 0 && frozen >= 5000,
    ),
    checkElection("writes wait for one election", waited(evidence, fault, thawed)),
    checkThat(
      "it does not lead when it goes on",
      `${seen.newLeader} alone, not ${seen.leader}`,
      leaders.join(", ") || "none",
      leaders.length === 1 &&
        leaders[0]?.split(" ")[0] === seen.newLeader &&
        seen.newLeader !== seen.leader,
    ),
    checkThat(
      "once it has heard of the others it reads nothing old",
      `0 after ${HEARD / 1000} s, of 10 reads or more`,
      `${codes(404, HEARD)}, and ${codes(404)} at first; ${codes(200)} had the new`,
      codes(404, HEARD) === 0 && codes(200) >= 10,
    ),
    checkQuorum(evidence.facts),
  ];
}

/** B10: the leader is there and does nothing. */
export const leaderFreeze: Drill = {
  name: "leader-freeze",
  question: "The leader hangs for half a minute and then goes on. Do I have two leaders then?",
  claims: [
    {
      says: "A leader that hangs and goes on is a second leader",
      shows:
        "the others have elected one meanwhile; when it goes on it acknowledges nothing of its own time and follows",
      holds: "no",
    },
  ],
  minutes: 1,
  minimumWrites: 20,
  limits: [
    "In the first moments, before it hears of the new leader, the former one could answer reads from before it hung.",
  ],
  needs: (ground) => need.managers(ground, 3),
  run,
  judge,
};
