import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pc from "picocolors";
import { UserError } from "../../components/errors.ts";
import { stopEngine } from "../../components/nodes/power.ts";
import { clusterIdOn } from "./awake.ts";
import { describeLab, nodesOf } from "./describe.ts";
import { labContainers, mustDocker } from "./docker.ts";
import { awakeManagers, hostsOf, machineStates } from "./machines.ts";
import { labName, stackFolder } from "./paths.ts";
import { report, since, timed } from "./report.ts";
import { enterForLooking } from "./status.ts";

/** Seconds a node's engine has to write its Raft log and leave; Docker kills it after. */
const GRACE = 20;

/** Where `stop` leaves the cluster's id for `start` to compare with. */
export const clusterFile = (stack: string) => join(stackFolder(stack), "cluster-id");

/** Puts a lab to sleep: all its containers at once, with everything they know kept on their volumes. */
export async function stop(stack: string): Promise<void> {
  const start = performance.now();
  const engine = await enterForLooking(stack);
  const lab = labName(stack);
  const [description, containers] = await Promise.all([
    describeLab(stack),
    labContainers(engine, lab),
  ]);
  const nodes = description?.nodes ?? nodesOf(containers, engine);
  if (nodes.length === 0)
    throw new UserError(`lab ${lab}: got no node, need a lab that is up; \`npm run up\``);
  const machines = await machineStates(nodes, containers);
  const running = containers.filter(({ state }) => state === "running" || state === "paused");
  const hosts = hostsOf(nodes).filter(({ name }) =>
    /running|paused/.test(machines.get(name) ?? ""),
  );
  if (running.length + hosts.length === 0) return report(`lab ${lab} is stopped already`);
  const managers = awakeManagers(nodes, machines);
  const ids = await Promise.all(managers.map((node) => clusterIdOn(node).catch(() => undefined)));
  const id = ids.find((one) => one !== undefined);
  if (id !== undefined) {
    await mkdir(stackFolder(stack), { recursive: true, mode: 0o700 });
    await writeFile(clusterFile(stack), id);
  }
  const paused = running.filter(({ state }) => state === "paused").map(({ name }) => name);
  if (paused.length > 0) await mustDocker(engine, ["unpause", ...paused]);
  const names = running.map(({ name }) => name);
  if (hosts.length > 0)
    await timed(`stopping the engines of ${hosts.length} hosts`, () =>
      Promise.all(hosts.map(stopEngine)),
    );
  // One call stops its containers one after the other, so there is a call for each.
  const stopAll = () =>
    Promise.all(
      names.map((name) =>
        mustDocker(engine, ["stop", "--time", String(GRACE), name], {
          timeout: (GRACE + 30) * 1000,
        }),
      ),
    );
  if (names.length > 0) await timed(`stopping ${names.length} containers`, stopAll);
  report(pc.green(`lab ${lab} is stopped (${since(start)}); \`npm run start\` brings it back`));
}
