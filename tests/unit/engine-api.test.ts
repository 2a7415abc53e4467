import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { entranceOf } from "../../components/nodes/engine-api.ts";
import type { SshApi, TlsApi } from "../../components/nodes/provider.ts";
import { makeAuthority } from "../../scripts/lib/authority.ts";
import { StubSsh } from "../support/stub-ssh.ts";

const ROOT = join(import.meta.dirname, "../..");
const NOBODY = { ca: "", cert: "", key: "" };

const overSsh: SshApi = {
  ...{ kind: "ssh", name: "m2" },
  connection: {
    ...{ kind: "ssh", host: "192.0.2.12", port: 2222, user: "debian" },
    ...{ identity: "/keys/lab", hostKey: "ssh-ed25519 AAAAm2" },
  },
};
const overTls = (port: number): TlsApi => ({
  ...{ kind: "tls", host: "127.0.0.1", port },
  first: { name: "m1", connection: { kind: "container", container: "c", engine: "unix:///e" } },
});

describe("an engine API over SSH", () => {
  test("is asked with the one host key, and answers under its address", async () => {
    using ssh = new StubSsh("echo id");
    expect(await entranceOf(overSsh).ask(NOBODY)).toEqual({
      done: "ssh://debian@192.0.2.12:2222",
    });
    const args = ssh.calls[0]?.split("\n");
    expect(args).toContain("KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAAm2");
    expect(args?.slice(-4)).toEqual(["docker", "node", "ls", "--quiet"]);
  });

  test("says why it does not answer, and whose engine must run for it", async () => {
    using _ = new StubSsh("echo 'This node is not a swarm manager.' >&2; exit 1");
    const entrance = entranceOf(overSsh);
    expect(await entrance.ask(NOBODY)).toEqual({
      waiting: "m2 says This node is not a swarm manager.",
    });
    expect(entrance.manager.name).toBe("m2");
  });

  test("shows no certificate: the login is all", () => {
    const args = entranceOf(overSsh).providerArgs(NOBODY);
    expect(Object.keys(args)).toEqual(["sshOpts"]);
  });
});

describe("an engine API over TLS", () => {
  test("answers whom its CA knows, and nobody else", async () => {
    const authority = await makeAuthority("Swarm Lab dev");
    const engine = await authority.issue("engine", ["127.0.0.1"]);
    const client = { ca: authority.certificate, ...(await authority.issue("client", [])) };
    const options = { ...engine, ca: authority.certificate, requestCert: true };
    const server = createServer(options, (_, response) => response.end("{}"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const entrance = entranceOf(overTls(port));
    try {
      expect(await entrance.ask(client)).toEqual({ done: `tcp://127.0.0.1:${port}` });
      const { ca } = client;
      expect(await entrance.ask({ ca, cert: "", key: "" })).toHaveProperty("waiting");
      expect(entrance.manager.name).toBe("m1");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("is not believed for one good answer: behind it are all the managers in turn", async () => {
    const authority = await makeAuthority("Swarm Lab dev");
    const engine = await authority.issue("engine", ["127.0.0.1"]);
    const client = { ca: authority.certificate, ...(await authority.issue("client", [])) };
    let connections = 0;
    let outside = 1; // the one of three that is in no swarm yet
    const server = createServer({ ...engine, ca: authority.certificate }, (_, response) => {
      response.statusCode = connections++ % 3 < outside ? 503 : 200;
      response.end("{}");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const entrance = entranceOf(overTls(port));
    try {
      for (const begin of [0, 1, 2]) {
        connections = begin;
        expect(await entrance.ask(client)).toEqual({ waiting: "it answers 503" });
      }
      outside = 0;
      expect(await entrance.ask(client)).toHaveProperty("done");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("is what the docker provider shows a certificate to", () => {
    const args = entranceOf(overTls(1)).providerArgs({ ca: "a", cert: "b", key: "c" });
    expect(args).toEqual({ caMaterial: "a", certMaterial: "b", keyMaterial: "c" });
  });
});

test("the swarm layer does not know by which way a node or an API is reached", () => {
  const knowing = ["components/swarm", "scripts/swarm"].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .map((file) => `${folder}/${file}`)
      .filter((file) =>
        /\bssh|connection\.kind|api\.kind/i.test(readFileSync(join(ROOT, file), "utf8")),
      ),
  );
  expect(knowing).toEqual([]);
});
