import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import {
  ackedWithin,
  backAsManager,
  except,
  inWords,
  led,
  listed,
  members,
  waited,
} from "./members.ts";
import { refusedBy } from "./refusal.ts";

type Wanted = SwarmFingerprint["nodes"][number];

interface Facts {
  /** Managers as they are listed after one has left, and has joined nothing. */
  readonly gone: readonly string[];
  /** Managers as they are listed after either order, and whose loss was tried then. */
  readonly wrong: readonly string[];
  readonly first: string;
  readonly wrongLost: string;
  readonly refusal: string;
  readonly right: readonly string[];
  readonly rightLost: string;
  readonly replaced: string;
  readonly before: Wanted;
  readonly after: readonly Wanted[];
}

/** A manager whose machine is replaced, and the follower whose loss is tried afterwards. */
async function followers(stage: Stage): Promise<readonly [NodeHandle, NodeHandle, NodeHandle]> {
  const leader = await led(stage);
  const [other, node] = except(stage.managers, leader);
  if (other === undefined || node === undefined) throw new Error("a lab without three managers");
  return [leader, other, node];
}

const managersOf = async (stage: Stage, via: NodeHandle) =>
  (await members(stage, via)).filter(({ manager }) => manager !== "").map(inWords);

async function loseDisk(stage: Stage, node: NodeHandle): Promise<void> {
  await stage.kill(node);
  await stage.wipe(node);
}

/** The new machine joins while the dead manager is a member still. */
async function joinFirst(stage: Stage): Promise<void> {
  const [leader, other, node] = await followers(stage);
  const former = (await members(stage, leader)).find(({ name }) => name === node.name);
  if (former === undefined) throw new Error(`${leader.name} does not list ${node.name}`);
  stage.phase("break", `${node.name} leaves, and joins anew before its old entry goes`);
  stage.mark("fault");
  await stage.on(node, "docker swarm leave --force", { seconds: 60 });
  await listed(stage, leader, node.name, / Unreachable$/);
  stage.fact("gone", await managersOf(stage, leader));
  await stage.joinBeside(node, "drain");
  await backAsManager(stage, leader, node);
  stage.fact("first", node.name);
  stage.fact("wrong", await managersOf(stage, leader));
  stage.phase("prove", `three managers are Reachable, and the loss of ${other.name} is too much`);
  stage.fact("wrongLost", other.name);
  await stage.kill(other);
  stage.mark("lost");
  stage.fact("refusal", await refusedBy(stage, leader));
  stage.mark("refused");
  await stage.start(other);
  const via = await led(stage);
  await backAsManager(stage, via, other);
  stage.phase("recover", "the dead entry is demoted and removed");
  await remove(stage, via, former.id);
}

async function remove(stage: Stage, via: NodeHandle, id: string): Promise<void> {
  await stage.on(via, `docker node demote ${id}`);
  await stage.until(`${id} is removed`, 60, async () => {
    const { code, stderr } = await stage.try(via, `docker node rm ${id}`);
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
}

/** The dead manager goes first, by demotion and removal; then the new machine joins. */
async function removeFirst(stage: Stage): Promise<void> {
  const [leader, other, node] = await followers(stage);
  const wanted = (await stage.fingerprint()).nodes.find(({ hostname }) => hostname === node.name);
  if (wanted === undefined) throw new Error(`${leader.name} does not list ${node.name}`);
  stage.fact("replaced", node.name);
  stage.fact("before", wanted);
  stage.phase("recover", `${node.name} loses its disk: demote, remove, join`);
  await loseDisk(stage, node);
  await remove(stage, leader, wanted.id);
  await stage.rejoin(node, wanted);
  stage.fact("right", await managersOf(stage, leader));
  stage.fact("rightLost", other.name);
  await stage.kill(other);
  stage.mark("tried");
  await stage.moreWrites(20, 60);
  stage.mark("written");
  await stage.start(other);
  await backAsManager(stage, leader, other);
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const wanted = await stage.fingerprint();
  await joinFirst(stage);
  // The new entry has neither the availability nor the labels of the old one: nobody has put them back.
  const [leader] = await followers(stage);
  await giveLabels(stage, leader, wanted);
  await removeFirst(stage);
  stage.mark("healed");
  stage.phase("verify", "three managers, each once");
  await stage.moreWrites(30, 60);
  const { nodes } = await stage.fingerprint();
  stage.fact("after", nodes);
  await keepQuorum(stage);
}

async function giveLabels(stage: Stage, leader: NodeHandle, { nodes }: SwarmFingerprint) {
  for (const { hostname, role, labels } of nodes.filter(({ role }) => role === "manager")) {
    const adds = Object.entries(labels).map(([key, value]) => `--label-add '${key}=${value}'`);
    if (role === "manager" && adds.length > 0)
      await stage.on(leader, `docker node update ${adds.join(" ")} ${hostname} >/dev/null`);
  }
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { lost = 0, refused = 0, tried = 0, written = 0 } = evidence.marks;
  const acked = ackedWithin(evidence, lost, refused);
  const went = ackedWithin(evidence, tried, written);
  const pause = waited(evidence, tried, written);
  const own = seen.after.filter(({ hostname }) => hostname === seen.replaced);
  const plain = ({ role, availability, labels }: Wanted) => ({ role, availability, labels });
  const whole = (lines: readonly string[]) =>
    lines.filter((line) => / Ready (Leader|Reachable)$/.test(line)).length;
  return [
    checkThat(
      "a manager that leaves is counted on",
      "3 managers, 1 of them Unreachable",
      seen.gone.join(", "),
      seen.gone.length === 3 && whole(seen.gone) === 2,
    ),
    // The list may call both Reachable for a while: the new one answers at the dead one's address.
    checkThat(
      "who joins first is one more, beside a dead one",
      `4 managers, two of them ${seen.first}`,
      seen.wrong.join(", "),
      seen.wrong.length === 4 &&
        seen.wrong.filter((line) => line.startsWith(`${seen.first} `)).length === 2,
    ),
    checkThat(
      "and then no other may be lost",
      `0 writes acknowledged without ${seen.wrongLost}`,
      `${acked} in ${((refused - lost) / 1000).toFixed(0)} s: ${seen.refusal.slice(0, 100)}`,
      refused - lost >= 3000 && acked === 0 && seen.refusal !== "",
    ),
    checkThat(
      "who is removed first leaves three who are three",
      "3 managers, all well",
      seen.right.join(", "),
      seen.right.length === 3 && whole(seen.right) === 3,
    ),
    checkThat(
      "of whom one may be lost",
      `20 writes or more without ${seen.rightLost}, and no pause of more than 5 s`,
      `${went}, ${pause.toFixed(1)} s`,
      went >= 20 && pause <= 5,
    ),
    checkThat(
      "the new member has another id, and nobody is listed twice",
      `one ${seen.replaced}, not ${seen.before.id}`,
      own.map(({ id }) => id).join(", ") || "none",
      own.length === 1 &&
        own[0]?.id !== seen.before.id &&
        new Set(seen.after.map(({ hostname }) => hostname)).size === seen.after.length,
    ),
    checkEqual(
      "it has the old one's role, availability and labels",
      plain(seen.before),
      own[0] && plain(own[0]),
    ),
    checkQuorum(evidence.facts),
  ];
}

/** C4 and C5: a manager that cannot come back, in both orders. */
export const managerReplacement: Drill = {
  name: "manager-replacement",
  question:
    "A manager's disk is lost, and a new machine stands ready. Do I join it first, or remove the old one?",
  minutes: 2,
  minimumWrites: 20,
  claims: [
    {
      says: "A manager that cannot be restored is replaced by another one",
      shows:
        "Demote, remove, join. Joined before the removal it makes four, of which one is dead: no other may be lost.",
      holds: "yes",
    },
    {
      says: "`docker swarm leave --force` takes a manager out of the swarm",
      shows: "The others go on counting it, Unreachable, until it is demoted and removed.",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.expendable(ground)),
  run,
  judge,
};
