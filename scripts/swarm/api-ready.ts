/**
 * Waits until the engine API of a manager answers where the provider offers it, and prints the address as the docker
 * provider wants it. The docker provider connects once and does not retry, so this must.
 */

import { type ApiClient, type ApiEntrance, entranceOf } from "../../components/nodes/engine-api.ts";
import { enginePower } from "../../components/nodes/power.ts";
import type { EngineApi } from "../../components/nodes/provider.ts";
import { input, runStep } from "../lib/driver.ts";
import { type Look, waitFor } from "../lib/wait.ts";

/** Looks now and then whether the manager's machine runs at all: without it nobody will ever answer. */
async function askWhileAlive(
  { ask, manager }: ApiEntrance,
  client: ApiClient,
  looks: number,
): Promise<Look<string>> {
  const answer = await ask(client);
  if ("done" in answer || looks % 10 !== 0) return answer;
  const power = await enginePower(manager);
  return power === "on" ? answer : { failed: `the engine of ${manager.name} is ${power}` };
}

await runStep(async () => {
  const entrance = entranceOf(input<EngineApi>("LAB_API"));
  const { LAB_CA: ca = "", LAB_CERT: cert = "", LAB_KEY: key = "" } = process.env;
  let looks = 0;
  const look = () => askWhileAlive(entrance, { ca, cert, key }, ++looks);
  const what = `the engine API at ${entrance.place} answers`;
  return { host: await waitFor(what, look, { deadline: 120, interval: 0.2 }) };
});
