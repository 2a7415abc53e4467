/**
 * Makes the lab's credentials: a root CA, a certificate for the engines, one for the registry, one for clients, and
 * the registry's password with its htpasswd line. Prints them as one JSON line, which the caller keeps as a secret.
 * What an earlier run made (PULUMI_COMMAND_STDOUT) is kept, so that only a changed password makes something new.
 */
import { randomBytes } from "node:crypto";
import bcrypt from "bcryptjs";
import type {
  Credentials,
  CredentialsInput,
  RegistryLogin,
} from "../components/nodes/credentials.ts";
import { makeAuthority } from "./lib/authority.ts";
import { input, runStep } from "./lib/driver.ts";

/**
 * bcrypt is the only hash the registry takes. Cost 5 is htpasswd's own default: the registry hashes the password again at
 * every request, some ten for a push, and at cost 10 each takes 50 ms of a processor.
 */
async function makeLogin(username: string, password: string): Promise<RegistryLogin> {
  return { username, password, htpasswd: `${username}:${await bcrypt.hash(password, 5)}\n` };
}

await runStep(async () => {
  const { lab, registryHost, username } = input<CredentialsInput>("LAB_CREDENTIALS");
  const text = process.env.PULUMI_COMMAND_STDOUT;
  const before = text ? (JSON.parse(text) as Credentials) : undefined;
  const password =
    process.env.LAB_REGISTRY_PASSWORD ||
    before?.registryLogin.password ||
    randomBytes(24).toString("base64url");
  const same =
    before?.registryLogin.username === username && before.registryLogin.password === password;
  const registryLogin = same ? before.registryLogin : await makeLogin(username, password);
  if (before !== undefined) return { ...before, registryLogin } satisfies Credentials;

  const authority = await makeAuthority(`Swarm Lab ${lab}`);
  const loopback = ["localhost", "127.0.0.1", "::1"];
  const [engine, registry, client] = await Promise.all([
    authority.issue("engine", ["engine", ...loopback]),
    authority.issue("registry", [registryHost, ...loopback]),
    authority.issue("client", []),
  ]);
  return {
    ca: authority.certificate,
    engine,
    registry,
    client,
    registryLogin,
  } satisfies Credentials;
});
