/** Prints the swarm's join tokens, root CA certificate and unlock key. The caller keeps the output as a secret. */

import type { NodeHandle } from "../../components/nodes/types.ts";
import { input, runStep } from "../lib/driver.ts";
import { someAnswer } from "./managers.ts";

const READ = `
docker swarm join-token -q manager; docker swarm join-token -q worker
docker swarm unlock-key -q 2>/dev/null || echo; echo ---; docker swarm ca`;

await runStep(async () => {
  const { stdout } = await someAnswer(input<NodeHandle[]>("LAB_PEERS"), READ);
  const [keys = "", ca = ""] = stdout.split("---\n");
  const [manager = "", worker = "", unlockKey = ""] = keys.split("\n");
  return { manager, worker, unlockKey, ca };
});
