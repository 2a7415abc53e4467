import { compareFingerprints, type Difference } from "../../components/backup/difference.ts";
import { parseFingerprint, READ_FINGERPRINT } from "../../components/backup/fingerprint.ts";
import type { Manifest } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { asContainer, type ContainerNode } from "../../components/nodes/container.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { enginePower } from "../../components/nodes/power.ts";
import { createSpare, removeSpare } from "../../components/nodes/spare.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { capture } from "../../components/process.ts";
import { type Report, timed } from "../cli/report.ts";
import { type Decryption, decrypt } from "./crypt.ts";
import { openKeyFile } from "./open-key-file.ts";
import type { BackupPlace } from "./place.ts";
import { DRILL_LABEL } from "./read-swarm.ts";
import { listProblems } from "./restore-checks.ts";
import { forceNewCluster, placeArchive } from "./restore-steps.ts";
import type { UnlockKeys } from "./unlock-keys.ts";
import { verifyBackup } from "./verify.ts";

export interface RehearseRequest {
  /** Nodes of the lab: one of them lends its image. None is touched. */
  readonly nodes: readonly NodeHandle[];
  readonly place: BackupPlace;
  /** The backup's name in its place. */
  readonly name: string;
  readonly keys: UnlockKeys;
  readonly decryption: Decryption;
  readonly say: Report;
}

/** What the machine of a rehearsal could reach, as its own kernel told it at the end. */
export interface Isolation {
  /** The network that its engine gave it: `none`. */
  readonly network: string;
  /** Links that lead out of it; those that its own engine made lead nowhere. */
  readonly links: readonly string[];
  /** Addresses of the old managers at which it could open a connection. */
  readonly reached: readonly string[];
}

export interface Rehearsed {
  readonly manifest: Manifest;
  /** In what the swarm that started differs from the manifest; empty when it is the same. */
  readonly differences: readonly Difference[];
  readonly isolation: Isolation;
  readonly seconds: number;
}

/**
 * Names of links with a peer outside: `ip -o link` prints those as `eth0@if12`, with the namespace of the peer. A veth pair of
 * the engine's own has its peer in a namespace of the same machine, and is in a bridge (`master`).
 */
export function outwardLinks(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => /^\d+: /.test(line) && !/ master /.test(line))
    .flatMap((line) => /^\d+: ([^:@\s]+)@if\d+:/.exec(line)?.[1] ?? []);
}

/** Opens a connection to a manager and closes it again; fails when none is there within three seconds. */
const tryManager = (address: string) => `timeout 3 bash -c '</dev/tcp/${address}/2377' 2>/dev/null`;

async function isolationOf(spare: ContainerNode, manifest: Manifest): Promise<Isolation> {
  const { engine, container } = spare.connection;
  const format = "{{.HostConfig.NetworkMode}}";
  const { stdout: network } = await capture("docker", [
    ...["--host", engine, "container", "inspect", "--format", format, container],
  ]);
  const links = outwardLinks(await runOn(spare, "listing its links", "ip -o link"));
  const others = manifest.managers.filter(({ address }) => address !== manifest.node.address);
  const reached: string[] = [];
  for (const { address } of others)
    if ((await execOn(spare, tryManager(address))).code === 0) reached.push(address);
  return { network: network.trim(), links, reached };
}

/** What the engine said before it gave up, without its times: the last line that tells of an error. */
async function lastWords({ connection: { engine, container } }: ContainerNode): Promise<string> {
  const { stdout, stderr } = await capture("docker", [
    ...["--host", engine, "logs", "--tail", "200", container],
  ]);
  const lines = `${stdout}${stderr}`.split("\n");
  // What it answers to a client is known already.
  const wrong = lines.filter(
    (line) => /^panic|level=(error|fatal)/.test(line) && !/Handler for/.test(line),
  );
  const said = wrong.at(-1) ?? lines.filter(Boolean).at(-1) ?? "nothing";
  const field = (name: string) => new RegExp(` ${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(said)?.[1];
  return (field("error") ?? field("msg") ?? said).slice(0, 300);
}

/** Puts the archive on the machine's disk, opens its key file, and makes it a cluster of its own. */
async function start(spare: ContainerNode, manifest: Manifest, request: RehearseRequest) {
  const { place, name, keys, decryption, say } = request;
  const { file, encryption } = manifest.swarm;
  await timed(
    `rehearsal: unpacking ${name}`,
    async () =>
      placeArchive(
        spare,
        decrypt(await place.open(name, file), decryption, encryption),
        "rehearsal",
      ),
    say,
  );
  if (manifest.unlockKey !== null)
    await openKeyFile(spare, (await keys.find(manifest.unlockKey.hash)) ?? "");
  try {
    await timed(
      "rehearsal: starting, and a new cluster from what it knows",
      async () => {
        await forceNewCluster(spare, {
          address: manifest.node.address,
          settings: manifest.fingerprint.settings,
        });
      },
      say,
    );
    const read = await runOn(spare, "reading the swarm", READ_FINGERPRINT);
    return parseFingerprint(read, (labels) => DRILL_LABEL in labels);
  } catch (error) {
    const state = (await enginePower(spare)) === "on" ? "runs, without its swarm" : "ended";
    throw new UserError(
      `${name}: got a backup that does not start, need one that does: ${(error as Error).message.slice(0, 200)}; ` +
        `its engine ${state} and said: ${await lastWords(spare)}; use another backup`,
    );
  }
}

/**
 * Proves a backup without a disaster: it is restored on a machine that is made for it and goes with it, with the address of
 * its manager and no way to anybody, since it has the identity of a living one. The swarm that starts there is compared
 * with the manifest. The lab's own nodes are not touched. Throws a UserError when the backup is not whole, or does not start.
 */
export async function rehearse(request: RehearseRequest): Promise<Rehearsed> {
  const from = Date.now();
  const { place, name, nodes, keys, decryption, say } = request;
  const { manifest, problems: found } = await verifyBackup(place, name, { decryption });
  const problems = [...found];
  const { unlockKey, node: source } = manifest;
  if (unlockKey !== null && (await keys.find(unlockKey.hash)) === undefined) {
    const got = `no unlock key with hash ${unlockKey.hash.slice(0, 12)} in ${keys.where}`;
    problems.push({ where: name, got, need: `the file ${unlockKey.file}` });
  }
  if (problems.length > 0)
    throw new UserError(`rehearsal: this backup is not whole:\n${listProblems(problems)}`);
  const model = nodes.find((node) => node.name === source.name) ?? nodes[0];
  if (model === undefined) throw new UserError("rehearsal: got a lab without nodes, need one");
  const spare = await timed(
    `rehearsal: a machine with the address ${source.address}, reached by nobody`,
    () => createSpare({ ...asContainer(model), address: source.address }, "rehearsal", "isolated"),
    say,
  );
  try {
    const now = await start(spare, manifest, request);
    const isolation = await isolationOf(spare, manifest);
    // To force a new cluster switches autolock off; a restore switches it on again, with a new key.
    const settings = { ...now.settings, autolock: manifest.fingerprint.settings.autolock };
    const differences = compareFingerprints(manifest.fingerprint, { ...now, settings });
    return { manifest, differences, isolation, seconds: (Date.now() - from) / 1000 };
  } finally {
    await removeSpare(spare);
  }
}
