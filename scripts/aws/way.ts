/**
 * What ssh speaks to a node on AWS through, as its ProxyCommand: finds the node's instance, makes the two known to one
 * another, and passes on what is said. Nothing passes before ssh can judge what the instance shows.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "../../components/errors.ts";
import { type FoundInstance, findInstance } from "../../components/nodes/aws/instance.ts";
import { failureFile } from "../../components/nodes/aws/instance-options.ts";
import type { InstanceConnection } from "../../components/nodes/types.ts";
import { WaitError } from "../lib/wait.ts";
import { acquaint } from "./acquaint.ts";

/** Through Session Manager: AWS's own client does all of it. */
async function throughSession({ id }: FoundInstance, { port, instance }: InstanceConnection) {
  const words = [
    ...["ssm", "start-session", "--region", instance.region, "--target", id],
    ...["--document-name", "AWS-StartSSHSession", "--parameters", `portNumber=${port}`],
  ];
  const child = spawn("aws", words, { stdio: "inherit" });
  // ssh ends what it speaks through by a signal.
  for (const signal of ["SIGHUP", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, "close")) as [number | null];
  process.exitCode = code ?? 255;
}

async function straight(
  { id, publicAddress }: FoundInstance,
  { port, instance }: InstanceConnection,
) {
  if (publicAddress === undefined)
    throw new UserError(
      `${instance.node}: got no public address of ${id}, need its Elastic IP address; \`npm run up\` gives it one`,
    );
  const socket = connect({ host: publicAddress, port });
  await once(socket, "connect");
  await Promise.all([pipeline(process.stdin, socket), pipeline(socket, process.stdout)]);
}

const connection = JSON.parse(process.argv[2] ?? "") as InstanceConnection;
const failed = failureFile(connection);
try {
  const found = await findInstance(connection.instance);
  await acquaint(connection, found.id);
  await rm(failed, { force: true });
  await (connection.instance.way === "session" ? throughSession : straight)(found, connection);
} catch (error) {
  const { message, stack, syscall } = error as NodeJS.ErrnoException;
  const expected = error instanceof UserError || error instanceof WaitError;
  // A way that cannot be gone (no route, a closed port) is no bug either.
  await mkdir(dirname(failed), { recursive: true, mode: 0o700 });
  await writeFile(failed, `${expected || syscall !== undefined ? message : stack}\n`, {
    mode: 0o600,
  });
  process.exitCode = 255;
}
