/**
 * Waits until no task of the swarm is attached to an overlay network. The engine refuses to remove a network
 * that a draining task still uses ("in use by task"), and the provider does not try again.
 */

import { runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { IdleInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { waitFor } from "../lib/wait.ts";
import { someManager } from "./managers.ts";

await runStep(async () => {
  const { network } = input<IdleInput>("LAB_NETWORK");
  const via = await someManager(input<NodeHandle[]>("LAB_PEERS"));
  const users = `id=$(docker network inspect --format '{{.Id}}' '${network}' 2>/dev/null) || exit 0
docker service ls -q | xargs -r docker service inspect \
  --format '{{.Spec.Name}} {{range .Spec.TaskTemplate.Networks}}{{.Target}} {{end}}' | grep -F "$id" || true
docker network inspect --verbose --format '{{range $s, $x := .Services}}{{$s}} {{end}}' '${network}' | grep -o '[a-zA-Z0-9].*' || true`;
  return waitFor(
    `network ${network} is idle`,
    async () => {
      const left = (await runOn(via, `looking at network ${network}`, users)).trim();
      return left === "" ? { done: { network } } : { waiting: `still used by ${left}` };
    },
    { deadline: 60, interval: 0.5 },
  );
});
