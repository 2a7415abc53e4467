/** Questions that many exercises ask, as shell for a manager. */

/** The part of a service that `format` selects, one line. */
export const service = (name: string, format: string): string =>
  `docker service inspect --format '${format}' ${name}`;

/** The running tasks of a service, a line each: node and image. Wanted and running, as the managers see them. */
export const running = (name: string): string =>
  `docker service ps ${name} --no-trunc --filter desired-state=running --format '{{.Node}} {{.Image}} {{.CurrentState}}' \\
| awk '$3 == "Running" { print $1, $2 }' | sort`;

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
