import { spareImage } from "../swarm/spare-images.ts";
import type { Command, ExerciseCheck } from "./exercise.ts";

/** Questions that many exercises ask, as shell for a manager. */

/** The part of a service that `format` selects, one line. */
export const service = (name: string, format: string): string =>
  `docker service inspect --format '${format}' ${name}`;

/** The running tasks of a service, a line each: node and image. Wanted and running, as the managers see them. */
export const running = (name: string): string =>
  `docker service ps ${name} --no-trunc --filter desired-state=running --format '{{.Node}} {{.Image}} {{.CurrentState}}' \\
| awk '$3 == "Running" { print $1, $2 }' | sort`;

/** How many tasks of a service run; 0 is an answer too. */
export const countRunning = (name: string): string =>
  `docker service ps --filter desired-state=running --format '{{.CurrentState}}' ${name} | grep -c ^Running || true`;

/**
 * Shell for a set-up: makes a service of so many tasks and waits until they run. The client's own wait looks on for five
 * seconds after that.
 */
export const started = (name: string, count: number, options = ""): string =>
  `docker service create --detach --quiet --name ${name} --replicas ${count} ${options}{image}:1 >/dev/null
until [ "$(${countRunning(name)})" = ${count} ]; do sleep 0.2; done`;

/** The check that just so many tasks of a service run. */
export const tasksRun = (
  name: string,
  count: number,
  says: string,
  why = `\`docker service ps --no-trunc ${name}\` says why not.`,
): ExerciseCheck => ({
  ...{ says, on: "leader", ask: countRunning(name), expected: `${count}`, why },
  holds: (text) => text === `${count}`,
});

/** Nodes of the running tasks, sorted, one line. */
export const places = (name: string): string => `${running(name)} | cut -d ' ' -f 1 | xargs`;

/** One field of a node's specification or state. */
export const node = (name: string, format: string): string =>
  `docker node inspect --format '${format}' ${name}`;

/** Whether a text has exactly these words, in any order. */
export const sameWords = (text: string, words: readonly string[]): boolean =>
  text.split(/\s+/).filter(Boolean).sort().join(" ") === [...words].sort().join(" ");

/** The words of a text, counted. */
export const counted = (text: string): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const word of text.split(/\s+/).filter(Boolean)) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

/** Where an answer is written that is a text. */
export const ANSWER = "/root/answer";

/** Removes the answer wherever it was written: who leads may have changed since. */
export const noAnswer: readonly Command[] = (
  ["leader", "follower", "follower-2", "worker-1", "worker-2"] as const
).map((on) => ({ on, type: `rm -f ${ANSWER}` }));

const DAEMON_JSON = "/etc/docker/daemon.json";

/** Gives an engine settings without a restart. It reads the file again, and keeps what the file says nothing of. */
export const setEngine = (settings: string): string =>
  `echo '${settings}' >${DAEMON_JSON} && kill -HUP $(cat /run/docker.pid)`;

/** Takes settings back: those that mean nothing, until `seen`, a test in shell, holds; then the file goes. */
export const resetEngine = (settings: string, seen: string): string =>
  `${setEngine(settings)}; until ${seen}; do sleep 0.2; done; rm ${DAEMON_JSON}`;

/** Images that an exercise may want besides the application's, under the names they have on the workers. */
export const REGISTRY_IMAGE = spareImage("registry");
export const ROUTER_IMAGE = spareImage("gateway");
export const NFS_IMAGE = spareImage("nfs");
