import { readFile } from "node:fs/promises";
import pc from "picocolors";
import { UserError } from "../../components/errors.ts";
import { notReady } from "../../components/swarm/readiness.ts";
import { awaitGateway, awaken } from "./awake.ts";
import { describeLab, nodesOf } from "./describe.ts";
import { labContainers, mustDocker } from "./docker.ts";
import { startHosts } from "./machines.ts";
import { labName } from "./paths.ts";
import { report, since, timed } from "./report.ts";
import { settle } from "./settle.ts";
import { enterForLooking } from "./status.ts";
import { clusterFile } from "./stop.ts";

const DEADLINE = 120;

/** Seconds the services get to have all their tasks again. */
const SERVICES_DEADLINE = 60;

/**
 * Brings a stopped lab back: all its containers at once, then every node Ready and the quorum whole, and the same
 * cluster as before. Throws with the last reason when that takes more than two minutes.
 */
export async function start(stack: string): Promise<void> {
  const begin = performance.now();
  const engine = await enterForLooking(stack);
  const lab = labName(stack);
  const [description, containers] = await Promise.all([
    describeLab(stack),
    labContainers(engine, lab),
  ]);
  const named = (states: RegExp) =>
    containers.filter(({ state }) => states.test(state)).map(({ name }) => name);
  const [asleep, paused] = [named(/^(exited|created|dead)$/), named(/^paused$/)];
  const nodes = description?.nodes ?? nodesOf(containers, engine);
  if (nodes.length === 0)
    throw new UserError(`lab ${lab}: got no node, need a lab that was stopped; \`npm run up\``);
  const hosts = await startHosts(nodes);
  if (hosts.length > 0) report(`started the engines of ${hosts.join(", ")}`);
  const startAll = async () => {
    await Promise.all([
      ...asleep.map((name) => mustDocker(engine, ["start", name])),
      ...paused.map((name) => mustDocker(engine, ["unpause", name])),
    ]);
  };
  const count = asleep.length + paused.length;
  if (count > 0) await timed(`starting ${count} containers`, startAll);
  const { clusterId } = await timed(`waiting for ${nodes.length} nodes and the quorum`, () =>
    awaken(stack, nodes, (entries) => notReady(nodes, entries), DEADLINE, report),
  );
  const before = await readFile(clusterFile(stack), "utf8").catch(() => undefined);
  if (before !== undefined && before !== clusterId)
    throw new UserError(
      `lab ${lab}: got cluster ${clusterId}, need ${before}: it is another swarm than the one that was stopped; \`npm run down\` and \`npm run up\` make a new one`,
    );
  const same =
    before === undefined ? `cluster ${clusterId}` : `the same cluster ${clusterId} as before`;
  if (description !== undefined) {
    await awaitGateway(description.gateway.api, 30);
    const { assessment } = await settle(stack, engine, SERVICES_DEADLINE);
    for (const problem of assessment.problems) report(pc.yellow(problem));
  }
  report(
    pc.green(`lab ${lab} is awake (${since(begin)}): ${same}, every node Ready, quorum whole`),
  );
}
