import type { Stage } from "../stage.ts";

/** Tasks of the service that reads the object. */
export const REPLICAS = 2;

/** What is rotated. */
export type Kind = "secret" | "config";

/** Where the tasks find it; the same before and after. */
export const TARGET = { secret: "/run/secrets/token", config: "/etc/greeting" } as const;

/** What a command said that had to be refused. */
export interface Refusal {
  readonly code: number;
  readonly said: string;
}

/** What the tasks have of it. */
export interface Seen {
  /** SHA-256 of what each running task reads, by the nodes' own word. */
  readonly hashes: readonly string[];
  /** File system of the file in the tasks. */
  readonly filesystems: readonly string[];
  /** How often the value stands in what the engine tells of the containers. */
  readonly told: readonly number[];
}

/** Once the service that reads them is gone: what is promised first is undone last. */
export function removeAtTheEnd(stage: Stage, kind: Kind, names: readonly string[]): void {
  stage.defer(`each ${kind} of the drill goes`, async () => {
    const leader = await stage.leader();
    for (const name of names) {
      const there = `docker ${kind} inspect ${name} >/dev/null 2>&1`;
      await stage.on(leader, `! ${there} || docker ${kind} rm ${name} >/dev/null`);
    }
  });
}

/** A value of its own, made on the node and kept nowhere else; its SHA-256. */
export async function make(stage: Stage, kind: Kind, name: string): Promise<string> {
  return stage.on(
    await stage.leader(),
    `value=$(head -c 24 /dev/urandom | base64)
printf %s "$value" | docker ${kind} create --label swarm-lab.drill=${stage.runId} ${name} - >/dev/null
printf %s "$value" | sha256sum | cut -d ' ' -f 1`,
  );
}

/** How a command ended, and what it said on stderr. */
export async function refused(stage: Stage, command: string, stdin?: string): Promise<Refusal> {
  const { code, stderr } = await stage.try(
    await stage.leader(),
    command,
    stdin === undefined ? {} : { stdin },
  );
  return { code, said: stderr.trim() };
}

/** Waits until all tasks run, then looks into each of them. */
export async function look(stage: Stage, kind: Kind, service: string): Promise<Seen> {
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
