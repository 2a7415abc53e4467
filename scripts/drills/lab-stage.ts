import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import type { Phase } from "../../components/drills/evidence.ts";
import type {
  Look,
  Stage,
  StagedBackup,
  StagedKey,
  StagedRehearsal,
  StagedRestore,
  TaskContainer,
} from "../../components/drills/stage.ts";
import { UserError } from "../../components/errors.ts";
import { onDisk, readFrom, writeTo } from "../../components/nodes/disk.ts";
import {
  type ExecOptions,
  execOn,
  NodeCommandError,
  shellOn,
} from "../../components/nodes/exec.ts";
import { enginePower, killEngine, startEngine, stopEngine } from "../../components/nodes/power.ts";
import { createSpare, removeSpare, type SparePlace } from "../../components/nodes/spare.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type Captured, capture } from "../../components/process.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { backUp } from "../backup/backup.ts";
import { mustReadSwarm } from "../backup/read-swarm.ts";
import { rehearse } from "../backup/rehearse.ts";
import { restore } from "../backup/restore.ts";
import { placeArchive, rejoinManager, rejoinWorker } from "../backup/restore-steps.ts";
import { restoreVolume } from "../backup/restore-volume.ts";
import { UnlockKeys } from "../backup/unlock-keys.ts";
import { verifyBackup } from "../backup/verify.ts";
import { WaitError, waitFor } from "../lib/wait.ts";
import { damagedCopy } from "./damage.ts";
import { awaitWhole, dataPlaneProbe } from "./lab-health.ts";
import type { DrillPlaces } from "./places.ts";
import type { Record } from "./record.ts";
import { Traffic } from "./traffic.ts";

const TASKS = `for id in $(docker ps -q --filter label=com.docker.swarm.task.id); do
  docker inspect --format '{{.Id}} {{.State.StartedAt}} {{index .Config.Labels "com.docker.swarm.service.name"}}' "$id"
done`;

/** Milliseconds by which a manager may learn late that a write is committed. */
const LAG = 2000;

/** The stage over a lab that stands: every node through its own shell, every machine through its provider. */
export class LabStage implements Stage {
  readonly lab: string;
  readonly runId: string;
  readonly nodes: readonly NodeHandle[];
  readonly managers: readonly NodeHandle[];
  readonly workers: readonly NodeHandle[];
  private readonly description: LabDescription;
  private readonly record: Record;
  private readonly places: DrillPlaces;
  readonly traffic: Traffic;
  private readonly spares: NodeHandle[] = [];

  constructor(description: LabDescription, record: Record, places: DrillPlaces) {
    this.description = description;
    this.record = record;
    this.places = places;
    this.lab = description.lab;
    this.runId = record.evidence.runId;
    this.nodes = description.nodes;
    this.managers = this.nodes.filter(({ role }) => role === "manager");
    this.workers = this.nodes.filter(({ role }) => role === "worker");
    const urls = Object.values(description.gateway.apps).flat();
    this.traffic = new Traffic(this.managers, urls, record);
  }

  phase(phase: Phase, what: string): void {
    this.record.phase(phase, what);
  }

  fact(name: string, value: unknown): void {
    this.record.fact(name, value);
  }

  mark(name: string, at?: number): number {
    return this.record.mark(name, at);
  }

  try(
    node: NodeHandle,
    command: string,
    { seconds = 30, stdin }: { seconds?: number; stdin?: string } = {},
  ): Promise<Captured> {
    const options: ExecOptions = {
      timeout: (seconds + 5) * 1000,
      ...(stdin === undefined ? {} : { stdin }),
    };
    // Ended on the node as well: a client that is killed leaves the command running there.
    const script = `exec timeout ${seconds} sh -euc '${command.replaceAll("'", `'\\''`)}'`;
    return this.record.step(node, command, () => execOn(node, script, options));
  }

  async on(
    node: NodeHandle,
    command: string,
    options: { seconds?: number; stdin?: string } = {},
  ): Promise<string> {
    const result = await this.try(node, command, options);
    if (result.code !== 0)
      throw new NodeCommandError(node.name, command.split("\n")[0] ?? "", result);
    return result.stdout.trim();
  }

  step<T>(node: NodeHandle | null, typed: string, work: () => Promise<T>): Promise<T> {
    return this.record.step(node, typed, work);
  }

  async until<T>(what: string, deadline: number, look: () => Promise<Look<T>>): Promise<T> {
    return waitFor<T>(what, look, { deadline, interval: 0.5 });
  }

  async leader(): Promise<NodeHandle> {
    const { managers } = await mustReadSwarm(this.managers, "drill");
    const name = managers.find(({ leader }) => leader)?.name;
    const node = this.managers.find((one) => one.name === name);
    if (node === undefined)
      throw new WaitError(`the leader ${name ?? "(none)"} is no manager of this lab`);
    return node;
  }

  stop(node: NodeHandle): Promise<void> {
    return this.step(node, "systemctl stop docker docker.socket", () => stopEngine(node));
  }

  kill(node: NodeHandle): Promise<void> {
    return this.step(node, "(its power is cut)", () => killEngine(node));
  }

  start(node: NodeHandle): Promise<void> {
    return this.step(node, "systemctl start docker", () => startEngine(node));
  }

  async wipe(node: NodeHandle): Promise<void> {
    await this.disk(
      node,
      "rm -rf /var/lib/docker/swarm",
      "rm -rf /var/lib/docker/swarm /var/lib/docker/swarm.*; sync",
    );
  }

  disk(node: NodeHandle, what: string, script: string): Promise<string> {
    return this.step(node, what, () => onDisk(node, what, script));
  }

  async engineLog(node: NodeHandle, lines: number): Promise<string> {
    const { engine, container } = node.connection;
    const { stdout, stderr } = await capture("docker", [
      "--host",
      engine,
      "logs",
      "--tail",
      String(lines),
      container,
    ]);
    return `${stdout}${stderr}`;
  }

  power(node: NodeHandle) {
    return enginePower(node);
  }

  async fingerprint(): Promise<SwarmFingerprint> {
    return (await mustReadSwarm(this.managers, "drill")).fingerprint;
  }

  async containers(): Promise<TaskContainer[]> {
    const listed = await Promise.all(
      this.workers.map(async (node) => {
        const { code, stdout } = await execOn(node, TASKS, { timeout: 20_000 });
        if (code !== 0) return [];
        return stdout
          .split("\n")
          .filter(Boolean)
          .map((line) => {
            const [id = "", startedAt = "", service = ""] = line.split(" ");
            return { node: node.name, service, id: id.slice(0, 12), startedAt };
          });
      }),
    );
    return listed.flat();
  }

  async secretHashes(): Promise<{ [id: string]: string }> {
    const apps = Object.keys(this.description.gateway.apps);
    const script = (id: string) =>
      `docker exec ${id} sh -c 'for f in /run/secrets/*; do sha256sum < "$f"; done'`;
    const tasks = (await this.containers()).filter(({ service }) => apps.includes(service));
    const read = tasks.map(async ({ node, id }) => {
      const holder = this.workers.find(({ name }) => name === node);
      if (holder === undefined) return [id, "no node"] as const;
      const { code, stdout, stderr } = await execOn(holder, script(id), { timeout: 15_000 });
      const said =
        code === 0
          ? stdout
              .split("\n")
              .map((line) => line.split(" ")[0])
              .filter(Boolean)
              .join(" ")
          : stderr.trim();
      return [id, said] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  }

  startTraffic(): Promise<void> {
    return this.traffic.start();
  }

  moreWrites(count: number, seconds: number): Promise<void> {
    return this.traffic.more(count, seconds);
  }

  endTraffic(): Promise<void> {
    return this.traffic.end();
  }

  async backUp(options: Parameters<Stage["backUp"]>[0] = {}): Promise<StagedBackup> {
    const { hot = false, registry = false, volumes = [], node } = options;
    const typed = ["npm run backup", ...(hot ? ["--hot"] : [])].join(" -- ");
    const { name, manifest } = await this.step(null, typed, () =>
      backUp({
        ...{ lab: this.lab, nodes: this.nodes, hot, volumes, acceptOutage: false },
        ...{
          place: this.places.backups,
          keys: this.places.keys,
          encryption: { kind: "none" } as const,
        },
        ...(node === undefined ? {} : { node }),
        ...(registry ? { registry: this.description.registryVolume } : {}),
        journal: this.places.backupJournal,
        say: (line) => this.record.say(`  ${line}`),
      }),
    );
    return { name, manifest };
  }

  async restore(
    { name, manifest }: StagedBackup,
    options: Parameters<Stage["restore"]>[1] = {},
  ): Promise<StagedRestore> {
    const { recreate = [], fence = false, on, workers, overlay = true, aliasAddress } = options;
    const nodes = this.nodes.map((node) => (node.address === on?.address ? on : node));
    this.record.evidence.cut = { from: manifest.cut.from - LAG, to: manifest.cut.to };
    return this.step(null, `npm run restore -- ${name}`, () =>
      restore({
        ...{ lab: this.lab, nodes, name, fence, recreate, clusterId: undefined },
        ...(workers === undefined ? {} : { workersDeadline: workers }),
        ...(aliasAddress === undefined ? {} : { aliasAddress }),
        ...{ place: this.places.backups, keys: this.places.keys, decryption: {} },
        journal: this.places.restoreJournal,
        ...(overlay ? { dataPlane: dataPlaneProbe(this.description) } : {}),
        say: (line) => this.record.say(`  ${line}`),
      }),
    );
  }

  async restoreVolume({ name }: StagedBackup, volume: string): Promise<void> {
    await this.step(null, `npm run restore -- ${name} --volume ${volume}`, () =>
      restoreVolume({
        ...{ nodes: this.nodes, name, volume, place: this.places.backups, decryption: {} },
        journal: this.places.backupJournal,
        say: (line) => this.record.say(`  ${line}`),
      }),
    );
  }

  placeBackup({ name, manifest }: StagedBackup, node: NodeHandle): Promise<void> {
    const typed = `tar -C /var/lib/docker -xpzf ${manifest.swarm.file}`;
    return this.step(node, typed, async () =>
      placeArchive(node, await this.places.backups.open(name, manifest.swarm.file), this.runId),
    );
  }

  async rejoin(node: NodeHandle, wanted: SwarmFingerprint["nodes"][number]): Promise<void> {
    const leader = await this.leader();
    await this.step(node, `docker swarm join --token (${node.role}) ${leader.address}:2377`, () =>
      node.role === "manager"
        ? rejoinManager(node, leader, wanted, this.runId)
        : rejoinWorker(node, leader, wanted),
    );
  }

  async overlay(): Promise<string> {
    const probe = dataPlaneProbe(this.description);
    return probe === undefined ? "not asked" : this.step(null, "(requests between tasks)", probe);
  }

  async newMachine(node: NodeHandle, suffix: string, place: SparePlace): Promise<NodeHandle> {
    const spare = await this.step(null, `(a new machine ${node.name}-${suffix})`, () =>
      createSpare(node, suffix, place),
    );
    this.spares.push(spare);
    return spare;
  }

  removeMachine(spare: NodeHandle): Promise<void> {
    return this.step(null, `(the machine ${spare.name} goes)`, () => removeSpare(spare));
  }

  /** Removes the machines that the drill made and did not remove. */
  async cleanUp(): Promise<void> {
    await Promise.all(this.spares.map(removeSpare));
  }

  carry(from: NodeHandle, read: string, to: NodeHandle, write: string): Promise<void> {
    return this.step(from, `${read} | ssh ${to.name} ${write}`, async () => {
      const { stream, done } = await readFrom(from, "reading", read, shellOn(from.connection));
      await Promise.all([writeTo(to, "writing", write, stream), done]);
    });
  }

  async isOn(node: NodeHandle): Promise<boolean> {
    return (await enginePower(node)) === "on";
  }

  get registryLogin() {
    const { LAB_REGISTRY_USERNAME: username, LAB_REGISTRY_PASSWORD: password } = process.env;
    return username && password ? { username, password } : undefined;
  }

  rehearse({ name }: StagedBackup): Promise<StagedRehearsal> {
    return this.step(null, `npm run backup -- --rehearse ${name}`, async () => {
      const from = Date.now();
      const { backups: place, keys } = this.places;
      const verified = (await verifyBackup(place, name)).problems.length === 0;
      const { nodes } = this;
      const say = (line: string) => this.record.say(`  ${line}`);
      try {
        const { differences, isolation, seconds } = await rehearse({
          ...{ nodes, place, name, keys, decryption: {}, say },
        });
        return { verified, differences, isolation, seconds };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const seconds = (Date.now() - from) / 1000;
        return { verified, refused: error.message, differences: [], seconds };
      }
    });
  }

  damage({ name, manifest }: StagedBackup): Promise<StagedBackup> {
    return this.step(null, `(one bit of the Raft log in a copy of ${name} is turned)`, () =>
      damagedCopy(this.places.backups, name, manifest),
    );
  }

  async leftovers(): Promise<string> {
    const { engine } = this.description;
    const filter = ["--filter", `label=swarm-lab.lab=${this.lab}`, "--filter", "name=-rehearsal"];
    const lists = await Promise.all([
      capture("docker", ["--host", engine, "ps", "--all", ...filter, "--format", "{{.Names}}"]),
      capture("docker", ["--host", engine, "volume", "ls", "--quiet", ...filter]),
    ]);
    const failed = lists.find(({ code }) => code !== 0);
    if (failed !== undefined) throw new WaitError(`listing what is left: ${failed.stderr.trim()}`);
    return lists.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean)).join(", ");
  }

  async autolock(on: boolean): Promise<StagedKey | undefined> {
    await this.on(await this.leader(), `docker swarm update --autolock=${on} >/dev/null`);
    return this.currentKey();
  }

  async currentKey(): Promise<StagedKey | undefined> {
    const { unlockKey, fingerprint } = await mustReadSwarm(this.managers, "drill");
    if (unlockKey === "") return undefined;
    // With the lab's keys too: after a drill that was killed, `npm run up` has to open these managers.
    await new UnlockKeys(this.description.backups.keys).keep(unlockKey, fingerprint.clusterId);
    const { hash } = await this.places.keys.keep(unlockKey, fingerprint.clusterId);
    return { hash };
  }

  async unlock(node: NodeHandle, { hash }: StagedKey, seconds: number): Promise<Captured> {
    const key = await this.places.keys.find(hash);
    if (key === undefined) throw new WaitError(`no unlock key ${hash.slice(0, 12)} was kept`);
    return this.try(node, "docker swarm unlock", { seconds, stdin: `${key}\n` });
  }

  async exitCode(node: NodeHandle): Promise<number> {
    const { engine, container } = node.connection;
    const format = "{{.State.ExitCode}}";
    const { stdout } = await capture("docker", [
      ...["--host", engine, "container", "inspect", "--format", format, container],
    ]);
    return Number(stdout.trim() || "NaN");
  }

  whole(deadline: number): Promise<void> {
    return this.step(null, "npm run status", () => awaitWhole(this.description, deadline));
  }
}
