import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type SecureContextOptions } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import type { KeyPair } from "../../components/nodes/credentials.ts";
import { type Authority, makeAuthority } from "../../scripts/lib/authority.ts";

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const YEAR = 365 * 24 * 3_600_000;

let authority: Authority;
let root: X509Certificate;
let server: KeyPair;
let client: KeyPair;
beforeAll(async () => {
  authority = await makeAuthority("Swarm Lab dev");
  root = new X509Certificate(authority.certificate);
  server = await authority.issue("engine", ["engine", "localhost", "127.0.0.1", "::1"]);
  client = await authority.issue("client", []);
});

describe("the root certificate", () => {
  test("is its own issuer and may issue others", () => {
    expect(root.subject).toBe("CN=Swarm Lab dev");
    expect(root.ca).toBe(true);
    expect(root.checkIssued(root)).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
  });

  test("is of this authority: another one of the same name does not verify what it issued", async () => {
    const other = new X509Certificate((await makeAuthority("Swarm Lab dev")).certificate);
    const cert = new X509Certificate(server.cert);
    expect(cert.verify(root.publicKey)).toBe(true);
    expect(cert.verify(other.publicKey)).toBe(false);
  });
});

describe("what it issues", () => {
  const issued = () => [server, client].map(({ cert }) => new X509Certificate(cert));

  test("is signed by the root and may issue nothing", () => {
    for (const cert of issued()) {
      expect(cert.checkIssued(root)).toBe(true);
      expect(cert.verify(root.publicKey)).toBe(true);
      expect(cert.ca).toBe(false);
    }
  });

  test("belongs to its key, and to no other", () => {
    for (const { cert, key } of [server, client]) {
      expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
    }
    expect(new X509Certificate(server.cert).checkPrivateKey(createPrivateKey(client.key))).toBe(
      false,
    );
  });

  test("is for servers when it has names, for clients when it has none, and for nothing else", () => {
    const [ofServer, ofClient] = issued();
    expect(ofServer?.keyUsage).toEqual([SERVER_AUTH]);
    expect(ofClient?.keyUsage).toEqual([CLIENT_AUTH]);
  });

  test("has its names, names as names and addresses as addresses", () => {
    const cert = new X509Certificate(server.cert);
    for (const name of ["engine", "localhost"]) expect(cert.checkHost(name)).toBe(name);
    for (const address of ["127.0.0.1", "::1"]) expect(cert.checkIP(address)).toBe(address);
    expect(cert.checkHost("registry.internal")).toBeUndefined();
    expect(cert.checkIP("10.0.0.1")).toBeUndefined();
    expect(new X509Certificate(client.cert).subjectAltName).toBeUndefined();
  });

  test("is valid from an hour ago, for clocks that are late, to ten years from now", () => {
    for (const cert of [root, ...issued()]) {
      const [from, to] = [Date.parse(cert.validFrom), Date.parse(cert.validTo)];
      expect(from).toBeGreaterThan(Date.now() - 3_900_000);
      expect(from).toBeLessThanOrEqual(Date.now() - 3_500_000);
      expect(to).toBeGreaterThan(Date.now() + 10 * YEAR - 600_000);
    }
  });

  test("has a serial number of its own", () => {
    const serials = [root, ...issued()].map(({ serialNumber }) => serialNumber);
    expect(new Set(serials).size).toBe(3);
    for (const serial of serials) expect(serial.length).toBe(32);
  });
});

/** Whether a client with these options is served by a server that asks for a certificate of the authority. */
async function served(options: SecureContextOptions, identity: KeyPair = server): Promise<boolean> {
  const ca = authority.certificate;
  const listener = createServer(
    { ...identity, ca, requestCert: true, rejectUnauthorized: true },
    (socket) => socket.end("hello"),
  );
  listener.on("tlsClientError", () => {});
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  try {
    return await new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", servername: "engine", ca, ...options });
      socket.on("data", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("close", () => resolve(false));
    });
  } finally {
    listener.close();
  }
}

describe("a server that trusts the authority", () => {
  test("serves its client", async () => {
    expect(await served(client)).toBe(true);
  });

  test.each<[string, () => SecureContextOptions | Promise<SecureContextOptions>]>([
    ["nobody without a certificate", () => ({})],
    ["no client of another authority", async () => (await makeAuthority("x")).issue("client", [])],
    ["nobody who shows a server's certificate", () => server],
    [
      "nobody who trusts another authority",
      async () => ({
        ...client,
        ca: (await makeAuthority("x")).certificate,
      }),
    ],
  ])("serves %s", async (_, options) => {
    expect(await served(await options())).toBe(false);
  });

  test("cannot be a client in disguise", async () => {
    expect(await served(client, client)).toBe(false);
  });
});
