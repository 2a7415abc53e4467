import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, type DrillGround, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";
import { ending, type Said } from "./said.ts";
import { askToJoin, awaitEntry, engineState, joinToken } from "./stranger.ts";

/** Hours by which the worker's clock is late: less than the hour that certificates are dated back, and more. */
const LITTLE = 0.5;
const MUCH = 2;

/** One try to join. `skew`: seconds by which the worker's clock was late, as measured against the leader's. */
interface Try {
  readonly skew: number;
  readonly answer: Said;
}

interface Facts {
  readonly little: Try;
  readonly much: Try;
  readonly right: Try;
  readonly idBefore: string;
  readonly idAfter: string;
}

/** Seconds since 1970 by a node's own clock. */
const clock = async (stage: Stage, node: NodeHandle) => Number(await stage.on(node, "date +%s"));

/** Sets a worker's clock to the leader's, less some hours, with nothing that would set it right. */
async function setClock(stage: Stage, node: NodeHandle, late: number): Promise<number> {
  const leader = await stage.leader();
  const wanted = (await clock(stage, leader)) - Math.round(late * 3600);
  await stage.on(node, `timedatectl set-ntp false; date -s @${wanted} >/dev/null`);
  return (await clock(stage, leader)) - (await clock(stage, node));
}

/** As long as its clock is wrong it may be called Down or be refused: it is out, and tries to come in. */
async function tryToJoin(stage: Stage, node: NodeHandle, late: number): Promise<Try> {
  await stage.try(node, "docker swarm leave --force >/dev/null", { seconds: 40 });
  await engineState(stage, node, "inactive");
  const skew = await setClock(stage, node, late);
  return { skew, answer: await askToJoin(stage, node, await joinToken(stage, "worker")) };
}

async function run(stage: Stage): Promise<void> {
  const [node] = stage.workers.toReversed();
  if (node === undefined) throw new Error("a lab without a worker");
  const wanted = (await stage.fingerprint()).nodes.find(({ hostname }) => hostname === node.name);
  if (wanted === undefined) throw new Error(`the swarm does not list ${node.name}`);
  stage.fact("idBefore", wanted.id);
  stage.defer(`the clock of ${node.name} is right`, async () => {
    await setClock(stage, node, 0);
    await stage.on(node, "timedatectl set-ntp true");
  });
  stage.phase("plant", `${node.name} is half an hour late`);
  stage.mark("fault");
  stage.fact("little", await tryToJoin(stage, node, LITTLE));
  stage.phase("break", `${node.name} is two hours late`);
  const much = await tryToJoin(stage, node, MUCH);
  stage.phase("prove", "it cannot join: for it no certificate is valid yet");
  stage.fact("much", much);
  stage.phase("recover", "its clock is set right");
  stage.fact("right", await tryToJoin(stage, node, 0));
  await stage.rejoin(node, wanted);
  stage.phase("verify", "it is Ready");
  stage.fact("idAfter", await awaitEntry(stage, node, "Ready"));
  stage.mark("healed");
}

const close = (seconds: number, hours: number) => Math.abs(seconds - hours * 3600) <= 60;
const words = ({ skew, answer }: Try) => `${Math.round(skew / 60)} min late: ${ending(answer)}`;

function judge({ facts }: Evidence): Check[] {
  const { little, much, right, idBefore, idAfter } = facts as unknown as Facts;
  return [
    checkThat(
      "half an hour goes unnoticed: certificates are dated back by one",
      "30 min late: code 200",
      words(little),
      close(little.skew, LITTLE) && little.answer.code === 200,
    ),
    checkThat(
      "two hours late, it cannot join",
      "120 min late: certificate has expired or is not yet valid",
      words(much),
      close(much.skew, MUCH) &&
        much.answer.code !== 200 &&
        /expired or is not yet valid/.test(much.answer.text),
    ),
    checkThat(
      "with the right clock it can",
      "0 min late: code 200",
      words(right),
      close(right.skew, 0) && right.answer.code === 200,
    ),
    checkThat(
      "it is Ready, as another node",
      `not ${idBefore}`,
      idAfter,
      idAfter !== "" && idAfter !== idBefore,
    ),
  ];
}

/** A container has no clock of its own: what it sets is the machine's, or is refused. */
const ownClocks = ({ nodes }: DrillGround) =>
  nodes.some(({ connection }) => connection.kind === "container")
    ? "its nodes are containers, which have the clock of this machine and none of their own"
    : undefined;

/** D7: clocks that do not agree. */
export const clockSkew: Drill = {
  name: "clock-skew",
  question: "A new node cannot join and speaks of certificates. What has its clock to do with it?",
  claims: [
    {
      says: "The clocks of the nodes must agree",
      shows:
        "up to an hour late nobody notices, as certificates are dated back by one; a joining node that is later is refused",
      holds: "partly",
    },
  ],
  minutes: 2,
  minimumWrites: 0,
  limits: ["That elections do not care, as Raft counts intervals and no dates, is not shown."],
  needs: (ground) =>
    need.all(
      ownClocks(ground),
      need.managers(ground, 1),
      need.workers(ground, 2),
      need.expendable(ground),
    ),
  run,
  judge,
};
