import { request } from "node:https";
import type { ApiEntrance, ApiLook } from "../engine-api.ts";
import type { TlsApi } from "../provider.ts";

/** The engine API behind the gateway, over mutual TLS. */
export function tlsEntrance({ host, port, first }: TlsApi): ApiEntrance {
  return {
    place: `${host}:${port}`,
    manager: first,
    ask: ({ ca, cert, key }) =>
      new Promise<ApiLook>((resolve) => {
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
      }),
    providerArgs: ({ ca, cert, key }) => ({
      caMaterial: ca,
      certMaterial: cert,
      keyMaterial: key,
    }),
  };
}
