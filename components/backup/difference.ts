import type { FingerprintThing, SwarmFingerprint } from "./fingerprint.ts";

/** One way in which a swarm is not what it was. */
export interface Difference {
  /** What differs: `cluster`, `token of workers`, `service app`, `node w1`, ... */
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
}

export interface CompareOptions {
  /** Hostnames of managers that had to join anew, and so have another node id: only role, availability and labels count. */
  readonly rejoined?: readonly string[];
  /** True where objects may have been written again since (a new index, the same content). */
  readonly rewritten?: boolean;
}

function compareThings(
  kind: string,
  before: readonly FingerprintThing[],
  after: readonly FingerprintThing[],
  rewritten: boolean,
): Difference[] {
  const seen = new Map(after.map((thing) => [thing.id, thing]));
  const known = new Set(before.map(({ id }) => id));
  const lost = before.flatMap((thing): Difference[] => {
    const now = seen.get(thing.id);
    const what = `${kind} ${thing.name}`;
    if (now === undefined) return [{ what, expected: `id ${thing.id}`, seen: "missing" }];
    if (now.hash !== thing.hash)
      return [
        {
          what,
          expected: `content ${thing.hash.slice(0, 12)}`,
          seen: `content ${now.hash.slice(0, 12)}`,
        },
      ];
    if (!rewritten && now.index !== thing.index)
      return [{ what, expected: `index ${thing.index}`, seen: `index ${now.index}` }];
    return [];
  });
  const extra = after
    .filter(({ id }) => !known.has(id))
    .map(({ name, id }) => ({ what: `${kind} ${name}`, expected: "missing", seen: `id ${id}` }));
  return [...lost, ...extra];
}

/** As people read it; labels in the order of their names. */
const words = (value: string | Readonly<Record<string, string>>) =>
  JSON.stringify(
    typeof value === "string"
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );

function compareNodes(
  before: SwarmFingerprint["nodes"],
  after: SwarmFingerprint["nodes"],
  rejoined: readonly string[],
): Difference[] {
  const found: Difference[] = [];
  for (const node of before) {
    const anew = rejoined.includes(node.hostname);
    const named = after.filter(({ hostname }) => hostname === node.hostname);
    const now = anew
      ? (named.find(({ id }) => id !== node.id) ?? named[0])
      : after.find(({ id }) => id === node.id);
    const what = `node ${node.hostname}`;
    if (now === undefined) {
      found.push({
        what,
        expected: anew ? "a node of this name" : `id ${node.id}`,
        seen: "missing",
      });
      continue;
    }
    for (const key of ["role", "availability", "labels"] as const) {
      const [expected, seen] = [words(node[key]), words(now[key])];
      if (expected !== seen) found.push({ what: `${what}: ${key}`, expected, seen });
    }
  }
  const known = (one: SwarmFingerprint["nodes"][number]) =>
    before.some((node) =>
      rejoined.includes(node.hostname) ? node.hostname === one.hostname : node.id === one.id,
    );
  for (const one of after) {
    if (!known(one))
      found.push({ what: `node ${one.hostname}`, expected: "missing", seen: `id ${one.id}` });
  }
  // What a manager that joined anew was before stays in the list until somebody removes it.
  for (const hostname of rejoined) {
    const [was, now] = [before, after].map((nodes) =>
      nodes.filter((one) => one.hostname === hostname),
    );
    if (was && now && now.length > was.length)
      found.push({
        what: `nodes named ${hostname}`,
        expected: `${was.length}`,
        seen: `${now.length}: ${now.map(({ id }) => id).join(", ")}`,
      });
  }
  return found;
}

/** Everything in which the swarm `after` is not the swarm `before`; nothing when it is the same. */
export function compareFingerprints(
  before: SwarmFingerprint,
  after: SwarmFingerprint,
  { rejoined = [], rewritten = false }: CompareOptions = {},
): Difference[] {
  const found: Difference[] = [];
  const same = (what: string, expected: string, seen: string) => {
    if (expected !== seen) found.push({ what, expected, seen });
  };
  same("cluster", before.clusterId, after.clusterId);
  same("root CA", before.caFingerprint, after.caFingerprint);
  same(
    "join token of managers",
    before.tokens.manager.slice(0, 12),
    after.tokens.manager.slice(0, 12),
  );
  same(
    "join token of workers",
    before.tokens.worker.slice(0, 12),
    after.tokens.worker.slice(0, 12),
  );
  for (const key of Object.keys(before.settings) as (keyof SwarmFingerprint["settings"])[])
    same(`setting ${key}`, String(before.settings[key]), String(after.settings[key]));
  if (after.raftIndex < before.raftIndex)
    found.push({
      what: "raft index",
      expected: `${before.raftIndex} or more`,
      seen: `${after.raftIndex}`,
    });
  return [
    ...found,
    ...compareNodes(before.nodes, after.nodes, rejoined),
    ...compareThings("service", before.services, after.services, rewritten),
    ...compareThings("secret", before.secrets, after.secrets, rewritten),
    ...compareThings("config", before.configs, after.configs, rewritten),
    ...compareThings("network", before.networks, after.networks, true),
  ];
}
