import { request } from "node:https";
import type { ApiClient, ApiEntrance, ApiLook } from "../engine-api.ts";
import type { TlsApi } from "../provider.ts";
import { MANAGERS } from "./gateway-config.ts";

/** Asks once, on a connection of its own. */
const askOnce = ({ host, port }: TlsApi, { ca, cert, key }: ApiClient): Promise<ApiLook> =>
  new Promise((resolve) => {
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

/**
 * The engine API behind the gateway, over mutual TLS. One good answer is not enough: the gateway deals connections out in
 * turn, and until it has looked at a manager it takes it for one that can answer, so every place gets its question.
 */
export function tlsEntrance(api: TlsApi): ApiEntrance {
  return {
    place: `${api.host}:${api.port}`,
    manager: api.first,
    async ask(client) {
      let look = await askOnce(api, client);
      for (let asked = 1; asked < MANAGERS && "done" in look; asked++)
        look = await askOnce(api, client);
      return look;
    },
    providerArgs: ({ ca, cert, key }) => ({
      caMaterial: ca,
      certMaterial: cert,
      keyMaterial: key,
    }),
  };
}
