import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, type DrillGround, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { appImage } from "./app-tasks.ts";

/** Requests that are sent each time from one node's task to the other's. */
const REQUESTS = 20;

/** What the kernel of one node has for a peer: the numbers of its keys, never the keys, and bytes sent by them. */
interface Associations {
  readonly spis: readonly string[];
  readonly bytes: number;
}

interface Look {
  readonly answered: number;
  readonly before: Associations;
  readonly after: Associations;
}

interface Facts {
  readonly encrypted: string;
  readonly first: Look;
  /** While the swarm has no leader, then after a restart of the other node. */
  readonly leaderless: Look;
  readonly restarted: Look;
  readonly leaders: readonly string[];
}

const named = (stage: Stage) => `drill-${stage.runId}-enc`;
const taskOn = (stage: Stage) =>
  `docker ps -q --filter label=com.docker.swarm.service.name=${named(stage)} | head -n 1`;

/** The kernel prints the keys too: only these words of it leave the node. */
async function associations(stage: Stage, from: NodeHandle, to: NodeHandle): Promise<Associations> {
  const script = `ip -s xfrm state list src ${from.address} dst ${to.address} |
sed -n 's/.*spi \\(0x[0-9a-f]*\\).*/spi \\1/p; s/^ *\\([0-9]*\\)(bytes).*/bytes \\1/p'`;
  const lines = (await stage.on(from, script)).split("\n").map((line) => line.split(" "));
  const of = (kind: string) => lines.filter(([key]) => key === kind).map(([, value = ""]) => value);
  return {
    spis: [...new Set(of("spi"))].sort(),
    bytes: of("bytes").reduce((sum, bytes) => sum + Number(bytes), 0),
  };
}

/** Requests from the task of one node to the other's own address, and what went through the kernel's ESP meanwhile. */
async function look(stage: Stage, from: NodeHandle, to: NodeHandle): Promise<Look> {
  const address = await stage.on(
    to,
    `docker inspect --format '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}' $(${taskOn(stage)}) | head -n 1`,
  );
  const before = await associations(stage, from, to);
  const ask = `id=$(${taskOn(stage)}); n=0; for i in $(seq ${REQUESTS}); do
  docker exec "$id" wget -q -T 2 -O /dev/null http://${address}:8080/health && n=$((n + 1)) || true
done; echo $n`;
  const answered = Number(await stage.on(from, ask, { seconds: 90 }));
  return { answered, before, after: await associations(stage, from, to) };
}

async function plant(stage: Stage): Promise<void> {
  const leader = await stage.leader();
  const image = await appImage(stage);
  const label = `--label swarm-lab.drill=${stage.runId}`;
  stage.defer("service and network go", async () => {
    const via = await stage.leader();
    await stage.try(via, `docker service rm ${named(stage)}`);
    await stage.until<true>("the network is gone", 60, async () => {
      const { code, stderr } = await stage.try(via, `docker network rm ${named(stage)}`);
      return code === 0 || /not found/.test(stderr) ? { done: true } : { waiting: stderr.trim() };
    });
  });
  await stage.on(
    leader,
    `docker network create --driver overlay --opt encrypted ${label} ${named(stage)} >/dev/null
docker service create --quiet --detach --no-resolve-image --mode global --endpoint-mode dnsrr ${label} \\
--name ${named(stage)} --network ${named(stage)} --stop-grace-period 1s ${image} >/dev/null`,
  );
}

/** Waits until requests cross between the two tasks. */
const crossing = (stage: Stage, from: NodeHandle, to: NodeHandle) =>
  stage.until<Look>(`requests cross from ${from.name} to ${to.name}`, 120, async () => {
    const { code, stdout } = await stage.try(to, taskOn(stage));
    if (code !== 0 || stdout.trim() === "") return { waiting: `${to.name} has no task` };
    const now = await look(stage, from, to);
    return now.answered === REQUESTS ? { done: now } : { waiting: `${now.answered} answered` };
  });

async function run(stage: Stage): Promise<void> {
  const [from, to] = stage.workers;
  if (from === undefined || to === undefined) throw new Error("a lab without two workers");
  stage.phase("plant", "a task on every worker in an encrypted network, and writers");
  await stage.startTraffic();
  await plant(stage);
  stage.fact("first", await crossing(stage, from, to));
  const format = "'{{json .Options}}'";
  const options = await stage.on(
    await stage.leader(),
    `docker network inspect --format ${format} ${named(stage)}`,
  );
  stage.fact("encrypted", options);
  stage.phase("break", "the leader, who makes the keys, is lost");
  const leader = await stage.leader();
  stage.defer(`${leader.name} runs`, () => stage.start(leader));
  stage.mark("fault");
  await stage.kill(leader);
  stage.phase("prove", "the network does not notice");
  stage.fact("leaderless", await look(stage, from, to));
  const next = await stage.until<string>("another leads", 60, async () => {
    const now = await stage.leader().catch((error: Error) => error);
    return now instanceof Error ? { waiting: now.message } : { done: now.name };
  });
  stage.fact("leaders", [leader.name, next]);
  stage.phase("recover", `${to.name} is restarted, and is given the keys anew`);
  await stage.start(leader);
  await stage.stop(to);
  await stage.start(to);
  stage.fact("restarted", await crossing(stage, from, to));
  stage.mark("healed");
  stage.phase("verify", "all are there");
  await stage.whole(120);
  await stage.moreWrites(30, 60);
}

const through = ({ answered, before, after }: Look) =>
  answered === REQUESTS && after.spis.length > 0 && after.bytes > before.bytes;
const words = ({ answered, before, after }: Look) =>
  `${answered} of ${REQUESTS}, ${after.bytes - before.bytes} bytes, ${after.spis.length} keys`;

function judge({ facts }: Evidence): Check[] {
  const { encrypted, first, leaderless, restarted, leaders } = facts as unknown as Facts;
  const wanted = `${REQUESTS} of ${REQUESTS}, by the kernel's ESP`;
  return [
    checkThat("the network is encrypted", "encrypted", encrypted, /"encrypted"/.test(encrypted)),
    checkThat("requests cross it, encrypted", wanted, words(first), through(first)),
    checkThat("they do without a leader as well", wanted, words(leaderless), through(leaderless)),
    checkThat(
      "another leader takes over",
      `not ${leaders[0]}`,
      leaders[1] ?? "none",
      leaders.length === 2 && leaders[0] !== leaders[1],
    ),
    checkEqual(
      "a change of leaders changes no key: they are rotated after 12 hours of one leader",
      first.after.spis,
      leaderless.after.spis,
    ),
    checkThat(
      "a node that was restarted is given the keys again",
      wanted,
      words(restarted),
      through(restarted),
    ),
  ];
}

const esp = ({ kernel }: DrillGround) =>
  kernel.esp && kernel.xtMatch
    ? undefined
    : `its kernel (${kernel.release}) has no ${kernel.esp ? "xt_bpf and xt_policy" : "IPsec ESP"}, without which an encrypted network carries nothing`;

/** D6: the keys of encrypted networks. */
export const overlayKeys: Drill = {
  name: "overlay-keys",
  question: "Who makes the keys of an encrypted network, and what happens without them?",
  minutes: 2,
  minimumWrites: 20,
  claims: [
    {
      says: "`--opt encrypted` is IPsec with AES, its keys rotated every 12 hours by the managers.",
      shows:
        "The packets go through the kernel's ESP and go on without a leader. The 12 hours begin anew with each leader.",
      holds: "partly",
    },
  ],
  limits: ["The rotation itself is not waited for: no command asks for one."],
  needs: (ground) =>
    need.all(
      esp(ground),
      need.managers(ground, 3),
      need.workers(ground, 2),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge,
};
