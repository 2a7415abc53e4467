import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../../components/errors.ts";

/** What is served: the page and its policy, and the figures it is made from. */
export interface Served {
  readonly page: string;
  readonly policy: string;
  readonly figures: unknown;
}

export interface ServeOptions {
  /** 0: a free one. */
  readonly port: number;
  /** What there is at this moment. */
  readonly now: () => Served;
}

export interface Serving {
  readonly url: string;
  /** Tells every page that is open that there is something new. */
  renew(): void;
  /** Ends every answer and the server. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Milliseconds between signs of life, without which some browsers take a quiet connection for a dead one. */
const HEARTBEAT = 15_000;

/** Whether a request means this server by a name of this machine: any other came through a foreign name (DNS rebinding). */
export const isOwnHost = (host: string | undefined, port: number): boolean =>
  [`${HOST}:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host ?? "");

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
};

function refuse(response: ServerResponse, code: number, why: string): void {
  response.writeHead(code, { ...HEADERS, "content-type": "text/plain; charset=utf-8" });
  response.end(`${why}\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE" || error.code === "EACCES"
          ? new UserError(
              `report --port: got ${port}, need one that is free (${error.code}); leave it out for any`,
            )
          : error,
      ),
    );
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

/**
 * Serves a report on loopback. It answers GET alone, to nobody who calls it by another machine's name, and reads nothing
 * from a request but its path. Throws a UserError when the port is taken.
 */
export async function serve({ port: wanted, now }: ServeOptions): Promise<Serving> {
  const open = new Set<ServerResponse>();
  let port = wanted;
  const answer = ({ method, url, headers }: IncomingMessage, response: ServerResponse) => {
    if (!isOwnHost(headers.host, port))
      return refuse(response, 403, `host: got another name, need ${HOST}:${port}`);
    if (method !== "GET") return refuse(response, 405, "method: need GET");
    if (url === "/events") {
      response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
      response.write(": here\n\n");
      open.add(response);
      response.once("close", () => open.delete(response));
      return;
    }
    const { page, policy, figures } = now();
    const [type, body] =
      url === "/"
        ? ["text/html", page]
        : url === "/figures.json"
          ? ["application/json", JSON.stringify(figures)]
          : [];
    if (type === undefined) return refuse(response, 404, "path: need / or /figures.json");
    response.writeHead(200, {
      ...{ ...HEADERS, "content-type": `${type}; charset=utf-8` },
      "content-security-policy": policy,
    });
    response.end(body);
  };
  const server = createServer(answer);
  port = await listen(server, wanted);
  const tell = (line: string) => {
    for (const one of open) one.write(line);
  };
  const beat = setInterval(() => tell(": still here\n\n"), HEARTBEAT);
  return {
    url: `http://${HOST}:${port}/`,
    renew: () => tell("data: new\n\n"),
    close: async () => {
      clearInterval(beat);
      for (const one of open) one.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
