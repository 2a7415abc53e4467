/**
 * Waits until the engine API of a manager answers through the lab's entrance, over mutual TLS, and prints the
 * address as the docker provider wants it. The provider connects once and does not retry, so this must.
 */

import { request } from "node:https";
import { enginePower } from "../../components/nodes/power.ts";
import type { ApiInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { type Look, waitFor } from "../lib/wait.ts";

function ask({ host, port }: ApiInput): Promise<Look<string>> {
  const { LAB_CA: ca, LAB_CERT: cert, LAB_KEY: key } = process.env;
  return new Promise((resolve) => {
    const waiting = (reason: string) => resolve({ waiting: reason });
    const call = request(
      { host, port, path: "/swarm", ca, cert, key, timeout: 3000, agent: false },
      (response) => {
        response.resume();
        if (response.statusCode === 200) resolve({ done: `tcp://${host}:${port}` });
        else waiting(`it answers ${response.statusCode}`);
      },
    );
    call.on("timeout", () => call.destroy(new Error("no answer within 3 s")));
    call.on("error", (error) => waiting(error.message));
    call.end();
  });
}

/** Looks now and then whether the manager's machine runs at all: without it nobody will ever answer. */
async function askWhileAlive(api: ApiInput, looks: number): Promise<Look<string>> {
  const answer = await ask(api);
  if ("done" in answer || looks % 10 !== 0) return answer;
  const power = await enginePower(api.first);
  return power === "on" ? answer : { failed: `the engine of ${api.first.name} is ${power}` };
}

await runStep(async () => {
  const api = input<ApiInput>("LAB_API");
  const what = `the engine API at ${api.host}:${api.port} answers`;
  let looks = 0;
  const look = () => askWhileAlive(api, ++looks);
  return { host: await waitFor(what, look, { deadline: 120, interval: 0.2 }) };
});
