import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import type { KeyPair } from "../../components/nodes/credentials.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEAR = 365 * 24 * 3600 * 1000;

export interface Authority {
  readonly certificate: string;
  /** A certificate for servers (with names) and clients alike, valid ten years. */
  issue(commonName: string, names: readonly string[]): Promise<KeyPair>;
}

function validity() {
  const now = Date.now();
  // An hour back, so that a node whose clock is a little late accepts it; Swarm's own CA does the same.
  return { notBefore: new Date(now - 3600_000), notAfter: new Date(now + 10 * YEAR) };
}

const serial = () => `01${randomBytes(15).toString("hex")}`;

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}

/** Makes a root CA in memory. Its key never leaves the process. */
export async function makeAuthority(name: string): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${name}`,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });

  async function issue(commonName: string, names: readonly string[]): Promise<KeyPair> {
    const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const alternatives = names.map((value) => ({
      type: isIP(value) ? ("ip" as const) : ("dns" as const),
      value,
    }));
    const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
    const usages = names.length > 0 ? [serverAuth] : [clientAuth];
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `CN=${commonName}`,
      issuer: root.subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.ExtendedKeyUsageExtension(usages),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
      ],
    });
    return { cert: certificate.toString("pem"), key: await pem(own.privateKey) };
  }
  return { certificate: root.toString("pem"), issue };
}
