/** Prints the swarm's join tokens, root CA certificate and unlock key. The caller keeps the output as a secret. */

import { runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { input, runStep } from "../lib/driver.ts";
import { someManager } from "./managers.ts";

const READ = `
docker swarm join-token -q manager; docker swarm join-token -q worker
docker swarm unlock-key -q 2>/dev/null || echo; echo ---; docker swarm ca`;

await runStep(async () => {
  const via = await someManager(input<NodeHandle[]>("LAB_PEERS"));
  const [keys = "", ca = ""] = (await runOn(via, "reading the swarm's keys", READ)).split("---\n");
  const [manager = "", worker = "", unlockKey = ""] = keys.split("\n");
  return { manager, worker, unlockKey, ca };
});
