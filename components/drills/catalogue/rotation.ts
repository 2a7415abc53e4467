import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest } from "../load.ts";
import type { ServiceSeen, Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { START_FIRST } from "./own-services.ts";

const REPLICAS = 2;

export type Kind = "secret" | "config";

/** Where the tasks find it; the same before and after. */
const TARGET = { secret: "/run/secrets/token", config: "/etc/greeting" } as const;

/** What a command said that had to be refused. */
interface Refusal {
  readonly code: number;
  readonly said: string;
}

interface Seen {
  /** SHA-256 of what each running task reads, by the nodes' own word. */
  readonly hashes: readonly string[];
  /** File system of the file in the tasks. */
  readonly filesystems: readonly string[];
  /** How often the value stands in what the engine tells of the containers. */
  readonly told: readonly number[];
}

interface Facts {
  readonly name: string;
  /** SHA-256 of both values. */
  readonly values: readonly [string, string];
  readonly inUse: Refusal;
  readonly sameName: Refusal;
  readonly before: Seen;
  /** After the second object was made, before the service was told of it. */
  readonly untold: Seen;
  readonly after: Seen;
  readonly updated: ServiceSeen;
  readonly removed: number;
  /** A rollback after the old one was removed: what the command said, what its tasks said, and where it ended. */
  readonly rollback: Refusal & { readonly error: string; readonly service: ServiceSeen };
  readonly end: Seen;
  /** Whether the object itself shows its data. */
  readonly shown: boolean;
  readonly load: readonly LoadRequest[];
}

/** Once the service that reads them is gone: what is promised first is undone last. */
function removeAtTheEnd(stage: Stage, kind: Kind, names: readonly string[]): void {
  stage.defer(`each ${kind} of the drill goes`, async () => {
    const leader = await stage.leader();
    for (const name of names) {
      const there = `docker ${kind} inspect ${name} >/dev/null 2>&1`;
      await stage.on(leader, `! ${there} || docker ${kind} rm ${name} >/dev/null`);
    }
  });
}

/** A value of its own, made on the node and kept nowhere else; its SHA-256. */
async function make(stage: Stage, kind: Kind, name: string): Promise<string> {
  return stage.on(
    await stage.leader(),
    `value=$(head -c 24 /dev/urandom | base64)
printf %s "$value" | docker ${kind} create --label swarm-lab.drill=${stage.runId} ${name} - >/dev/null
printf %s "$value" | sha256sum | cut -d ' ' -f 1`,
  );
}

async function refused(stage: Stage, command: string, stdin?: string): Promise<Refusal> {
  const { code, stderr } = await stage.try(
    await stage.leader(),
    command,
    stdin === undefined ? {} : { stdin },
  );
  return { code, said: stderr.trim() };
}

async function look(stage: Stage, kind: Kind, service: string): Promise<Seen> {
  await stage.tasksRun(service, REPLICAS);
  const file = TARGET[kind];
  // The value goes from one process to the next through pipes, never into an argument.
  const script = `for id in $(docker ps -q --filter label=com.docker.swarm.service.name=${service}); do
  docker exec "$id" sh -c 'sha256sum <${file}' | cut -d ' ' -f 1
  docker exec "$id" sh -c 'while read -r what where type rest; do [ "$where" != ${file} ] || echo "$type"; done </proc/mounts'
  docker inspect "$id" >/tmp/drill-told
  docker exec "$id" cat ${file} | grep -cF -f - /tmp/drill-told || :
  rm /tmp/drill-told
done`;
  const lines = (await Promise.all(stage.workers.map((node) => stage.on(node, script)))).flatMap(
    (text) => text.split("\n").filter(Boolean),
  );
  const every = (offset: number) => lines.filter((_, index) => index % 3 === offset);
  return { hashes: every(0), filesystems: every(1), told: every(2).map(Number) };
}

/** Replaces an object that tasks read: a new one under a new name, at the same path. */
export async function rotate(stage: Stage, kind: Kind): Promise<void> {
  const [from] = stage.workers;
  if (from === undefined) throw new Error("a lab without workers");
  const target = TARGET[kind];
  const [one, two] = [`drill-${stage.runId}-${kind}-v1`, `drill-${stage.runId}-${kind}-v2`];
  removeAtTheEnd(stage, kind, [one, two]);
  stage.phase("plant", `a service that reads a ${kind}, and a client that asks it all the while`);
  const first = await make(stage, kind, one);
  const env = kind === "secret" ? "SECRET_FILE" : "CONFIG_FILE";
  const name = await stage.startService("web", {
    replicas: REPLICAS,
    flags: `${START_FIRST} --${kind} source=${one},target=${target},mode=0444 --env ${env}=${target}`,
  });
  stage.fact("name", name);
  stage.fact("before", await look(stage, kind, name));
  await stage.startLoad(from, [name]);
  stage.mark("fault");
  stage.phase("break", `the old ${kind} can be neither changed nor removed`);
  stage.fact("inUse", await refused(stage, `docker ${kind} rm ${one}`));
  stage.fact("sameName", await refused(stage, `docker ${kind} create ${one} -`, "other"));
  stage.phase("prove", `a new ${kind} alone changes nothing`);
  stage.fact("values", [first, await make(stage, kind, two)]);
  stage.fact("untold", await look(stage, kind, name));
  stage.phase("recover", "the service gets the new one in its place");
  const leader = await stage.leader();
  const update = async () => {
    await stage.on(
      leader,
      `docker service update --detach --quiet --${kind}-rm ${one} \\
--${kind}-add source=${two},target=${target},mode=0444 ${name} >/dev/null`,
    );
    return stage.updateEnds(name, ["completed"]);
  };
  stage.fact("updated", await update());
  stage.fact("after", await look(stage, kind, name));
  stage.phase("verify", "the old one can go, and with it the way back: a rollback needs it");
  stage.fact("removed", (await stage.try(leader, `docker ${kind} rm ${one}`)).code);
  const rollback = await refused(stage, `docker service rollback --detach --quiet ${name}`);
  const error = await stage.until<string>("the rollback comes to an end", 60, async () => {
    const missing = (await stage.tasks(name)).find((task) => /not found/.test(task.error));
    const { update, message } = await stage.service(name);
    if (missing !== undefined && update === "rollback_paused") return { done: missing.error };
    return { waiting: `it is ${update}: ${message}` };
  });
  stage.fact("rollback", { ...rollback, error, service: await stage.service(name) });
  await update();
  stage.fact("end", await look(stage, kind, name));
  stage.mark("healed");
  const shown = await stage.on(leader, `docker ${kind} inspect --format '{{json .Spec}}' ${two}`);
  stage.fact("shown", "Data" in (JSON.parse(shown) as object));
  stage.fact("load", await stage.endLoad());
}

/** What holds for both kinds. */
export function judgeRotation(kind: Kind, { facts, fault }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const [first, second] = seen.values;
  const all = (hash: string) => Array.from({ length: REPLICAS }, () => hash);
  const refusal = (what: string, { code, said }: Refusal, why: RegExp) =>
    checkThat(
      what,
      `refused: ${why.source}`,
      `code ${code}: ${said}`,
      code !== 0 && why.test(said),
    );
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  return [
    checkThat(
      "two values that differ",
      "two",
      `${first}, ${second}`,
      /^[0-9a-f]{64}$/.test(first) && first !== second,
    ),
    checkEqual("every task reads the first one", all(first), seen.before.hashes),
    refusal(`a ${kind} in use is not removed`, seen.inUse, /is in use by the following service/),
    refusal(
      `a ${kind} is not changed under its name`,
      seen.sameName,
      /already exists|conflicts with an existing object/,
    ),
    checkEqual("a new one that no service names changes nothing", all(first), seen.untold.hashes),
    checkEqual("the update is completed", "completed", seen.updated.update),
    checkEqual("every task reads the second one at the same path", all(second), seen.after.hashes),
    checkEqual("the old one can be removed now", 0, seen.removed),
    checkThat(
      "a rollback is accepted then, and its tasks cannot start",
      `code 0, rollback_paused: ${kind} ... not found`,
      `code ${seen.rollback.code}, ${seen.rollback.service.update}: ${seen.rollback.error}`,
      seen.rollback.code === 0 &&
        seen.rollback.service.update === "rollback_paused" &&
        new RegExp(`${kind} \\S+ not found`).test(seen.rollback.error),
    ),
    checkEqual("told once more, every task reads the second one", all(second), seen.end.hashes),
    checkNoneFailed("no request failed meanwhile", asked(seen.load, seen.name, window)),
  ];
}

/** What only secrets promise. */
export function judgeSecrecy({ facts }: Evidence): Check[] {
  const { before, after, shown } = facts as unknown as Facts;
  const told = [...before.told, ...after.told];
  const places = [...before.filesystems, ...after.filesystems];
  return [
    checkEqual("its data is not shown by the swarm", false, shown),
    checkThat(
      "its value is in nothing that the engines tell of the containers",
      "0, of every task",
      told.join(", "),
      told.length === 2 * REPLICAS && told.every((count) => count === 0),
    ),
    checkThat(
      "the tasks have it in memory only",
      "tmpfs, in every task",
      places.join(", "),
      places.length === 2 * REPLICAS && places.every((type) => type === "tmpfs"),
    ),
  ];
}

/** What a config does not promise. */
export const judgeOpenness = ({ facts }: Evidence): Check[] => [
  checkEqual(
    "anyone who may ask the swarm reads its data",
    true,
    (facts as unknown as Facts).shown,
  ),
];
