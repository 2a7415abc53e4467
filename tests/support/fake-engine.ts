import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FakeNetwork {
  readonly id: string;
  readonly name: string;
  readonly subnets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Removed by somebody between being listed and being asked about. */
  readonly vanishing?: boolean;
}

export interface FakeContainer {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface FakeEngineState {
  readonly version: string;
  /** Newest API it speaks. */
  readonly api: string;
  /** Where it says it keeps its data. */
  readonly root: string;
  readonly networks: readonly FakeNetwork[];
  readonly containers: readonly FakeContainer[];
}

const MODERN: FakeEngineState = {
  version: "26.1.5",
  api: "1.45",
  root: "/nonexistent",
  networks: [{ id: "b0", name: "bridge", subnets: ["172.17.0.0/16"] }],
  containers: [],
};

/**
 * What the docker client needs to answer `info`, `network ls`, `network inspect` and `container ls`, on a socket of its
 * own: for machines that are hard to come by. Filters by name are regular expressions, as in the real engine. It says
 * 404 to everything else, so that a test which needs more of it fails.
 */
export class FakeEngine implements AsyncDisposable {
  readonly requests: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "swarm-lab-engine-"));
  private readonly socket = join(this.folder, "docker.sock");
  readonly url = `unix://${this.socket}`;
  private readonly state: FakeEngineState;
  private readonly server = createServer((request, response) => this.answer(request, response));

  private constructor(state: Partial<FakeEngineState>) {
    this.state = { ...MODERN, ...state };
  }

  static async start(state: Partial<FakeEngineState> = {}): Promise<FakeEngine> {
    const engine = new FakeEngine(state);
    await new Promise<void>((listening) => engine.server.listen(engine.socket, listening));
    return engine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://engine");
    const path = url.pathname.replace(/^\/v[\d.]+/, "");
    this.requests.push(`${request.method} ${path}`);
    const body = this.bodyOf(path, filterOf(url));
    response.setHeader("Api-Version", this.state.api);
    response.setHeader("Ostype", "linux");
    response.setHeader("Content-Type", "application/json");
    response.statusCode = body === undefined ? 404 : 200;
    const missing = { message: `network ${path.split("/").at(-1)} not found` };
    response.end(path === "/_ping" ? "OK" : JSON.stringify(body ?? missing));
  }

  private bodyOf(path: string, names: readonly RegExp[]): unknown {
    const { version, root, networks, containers } = this.state;
    const one = /^\/networks\/(.+)$/.exec(path);
    if (path === "/_ping") return "OK";
    if (path === "/info") return { ServerVersion: version, DockerRootDir: root };
    if (path === "/networks") return networks.map(networkBody);
    if (one) {
      const found = networks.find(({ id, name }) => one[1] === id || one[1] === name);
      return found && !found.vanishing ? networkBody(found) : undefined;
    }
    if (path !== "/containers/json") return undefined;
    return containers
      .filter(({ name }) => names.length === 0 || names.some((each) => each.test(`/${name}`)))
      .map(({ name, labels }) => ({ Id: name, Names: [`/${name}`], Labels: labels ?? {} }));
  }
}

const networkBody = ({ id, name, subnets, labels }: FakeNetwork) => ({
  Id: id,
  Name: name,
  Driver: "bridge",
  IPAM: { Driver: "default", Config: subnets.map((subnet) => ({ Subnet: subnet })) },
  Labels: labels ?? {},
});

function filterOf(url: URL): RegExp[] {
  const filters = JSON.parse(url.searchParams.get("filters") || "{}") as { name?: object };
  return Object.keys(filters.name ?? {}).map((name) => new RegExp(name));
}
