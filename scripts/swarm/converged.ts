/**
 * Waits until the lab's services run as wanted and answer, then proves that the overlay carries requests between nodes:
 * from a task on each node to every task of the service, by address. What it prints is what was seen, not what is configured.
 */

import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { judgeReach } from "../../components/swarm/reach.ts";
import {
  judgeServices,
  LIST_SERVICES,
  parseServices,
  type ServiceState,
} from "../../components/swarm/service-list.ts";
import type { ConvergedInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { type Look, waitFor } from "../lib/wait.ts";
import { askManagers } from "./managers.ts";
import { probeReach } from "./probe-reach.ts";

/** As a node sees it: what is published there is open to no other machine. */
async function answersNode(from: NodeHandle, url: string): Promise<Look<true>> {
  const ask = `curl --silent --show-error --max-time 3 --output /dev/null --write-out '%{http_code}' "$URL"`;
  const { stdout, stderr } = await execOn(from, ask, { env: { URL: url } });
  const code = Number(stdout);
  if (code >= 200 && code < 300) return { done: true };
  return { waiting: `${from.name}: ${stderr.trim() || `it answers ${stdout}`}` };
}

async function answers(url: string, from: NodeHandle | undefined): Promise<Look<true>> {
  if (from !== undefined) return answersNode(from, url);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    await response.arrayBuffer();
    return response.ok ? { done: true } : { waiting: `it answers ${response.status}` };
  } catch (error) {
    const cause = (error as Error).cause;
    return { waiting: cause instanceof Error ? cause.message : (error as Error).message };
  }
}

interface Answered {
  readonly states: readonly ServiceState[];
  /** Hostnames by node id. */
  readonly names: ReadonlyMap<string, string>;
}

/** What a manager says of the nodes and services: each node's id and hostname, then the services. */
const LIST = `docker node ls --format '{{.ID}} {{.Hostname}}'; echo ---
${LIST_SERVICES}`;

await runStep(async () => {
  const { nodes, away = [], services, urls, from, probe } = input<ConvergedInput>("LAB_CONVERGED");
  const managers = nodes.filter((node) => node.role === "manager");
  const end = { deadline: 180, interval: 0.25 };
  const running = await waitFor<Answered>(
    "the services run",
    async () => {
      const answer = await askManagers(managers, LIST);
      if (answer === undefined) return { waiting: "no manager with a quorum answers" };
      const [named = "", listed = ""] = answer.stdout.split("---\n");
      const states = parseServices(listed);
      const { failed, waiting, short } = judgeServices(states, services, away);
      if (failed !== undefined) return { failed };
      if (waiting.length > 0) return { waiting: waiting.join(", ") };
      for (const each of short)
        process.stderr.write(`${each}: so it stays until ${away.join(", ")} answers again\n`);
      return {
        done: {
          names: new Map(
            named
              .trim()
              .split("\n")
              .map((line) => line.split(" ") as [string, string]),
          ),
          states,
        },
      };
    },
    end,
  );
  await Promise.all(urls.map((url) => waitFor(`${url} answers`, () => answers(url, from), end)));
  if (probe === undefined) return { reach: judgeReach([]) };
  const state = running.states.find(({ name }) => name === probe.service);
  const hosts = state?.runsOn.map((id) => running.names.get(id)) ?? [];
  const asked = nodes.filter((node) => hosts.includes(node.name));
  const reach = await waitFor(
    "the overlay carries requests between nodes",
    async () => {
      const verdict = await probeReach(asked, probe);
      return verdict.whole ? { done: verdict } : { waiting: verdict.sentence };
    },
    // Nodes that missed one another's news compare all they know every half minute.
    { deadline: 120, interval: 0.5 },
  );
  return { reach };
});
