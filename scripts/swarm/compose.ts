/**
 * Deploys a compose stack through a manager and waits until its services run; or, told to, removes it. The compose file
 * travels on standard input. It may use the lab's objects: their names are in the environment of the deployment.
 */

import { execOn, NodeCommandError, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { LIST_SERVICES, notConverged, parseServices } from "../../components/swarm/service-list.ts";
import type { ComposeInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { waitFor } from "../lib/wait.ts";
import { someManager } from "./managers.ts";

const LOGIN = `docker login --username "$USERNAME" --password-stdin "$REGISTRY_ADDRESS" >/dev/null 2>&1`;

async function deploy(via: NodeHandle, compose: ComposeInput): Promise<void> {
  const folder = (await runOn(via, "making a folder", "mktemp -d")).trim();
  const env = { ...compose.variables, DOCKER_CONFIG: folder };
  try {
    if (compose.registry) {
      const { address, username } = compose.registry;
      await runOn(via, `logging in to ${address}`, LOGIN, {
        env: { DOCKER_CONFIG: folder, USERNAME: username, REGISTRY_ADDRESS: address },
        stdin: process.env.LAB_REGISTRY_PASSWORD ?? "",
      });
    }
    // What was not changed stays as it is: a tag is not looked up again because something else is deployed anew.
    // Waits for the update too: right after a deployment the tasks of the old one still run, and would be counted.
    const script = `timeout 170 docker stack deploy --compose-file - --prune --resolve-image changed --with-registry-auth --detach=false --quiet '${compose.stack}' >/dev/null`;
    const deployed = await execOn(via, script, {
      env,
      stdin: compose.content,
      timeout: 180_000,
    });
    if (deployed.code !== 0 && deployed.code !== 124) {
      throw new NodeCommandError(via.name, `deploying compose stack ${compose.stack}`, deployed);
    }
  } finally {
    await execOn(via, `rm -rf '${folder}'`);
  }
}

async function running(via: NodeHandle, stack: string): Promise<void> {
  await waitFor(
    `compose stack ${stack} runs`,
    async () => {
      const states = parseServices(await runOn(via, "listing services", LIST_SERVICES));
      const reasons: string[] = [];
      for (const state of states.filter(({ name }) => name.startsWith(`${stack}_`))) {
        const reason = notConverged(state);
        if (reason && "failed" in reason) return { failed: `${state.name}: ${reason.failed}` };
        if (reason) reasons.push(`${state.name}: ${reason.waiting}`);
      }
      return reasons.length === 0 ? { done: true } : { waiting: reasons.join(", ") };
    },
    { deadline: 30, interval: 0.5 },
  );
}

async function remove(via: NodeHandle, stack: string): Promise<void> {
  await runOn(via, `removing compose stack ${stack}`, `docker stack rm '${stack}' 2>&1`);
  const left = `docker network ls -q --filter label=com.docker.stack.namespace='${stack}'
docker service ls -q --filter label=com.docker.stack.namespace='${stack}'`;
  await waitFor(
    `compose stack ${stack} is gone`,
    async () => {
      const text = (await runOn(via, "looking for leftovers", left)).trim();
      if (text === "") return { done: true };
      await execOn(via, `docker stack rm '${stack}' >/dev/null 2>&1`);
      return { waiting: `${text.split("\n").length} objects are left` };
    },
    { deadline: 90, interval: 1 },
  );
}

await runStep(async () => {
  const compose = input<ComposeInput>("LAB_COMPOSE");
  const via = await someManager(input<NodeHandle[]>("LAB_PEERS"));
  if (process.argv.includes("--remove")) {
    await remove(via, compose.stack);
  } else {
    await deploy(via, compose);
    await running(via, compose.stack);
  }
  return { stack: compose.stack };
});
