/** What a task on one node reached: each task of the service, by its own address. */
export interface NodeReach {
  readonly from: string;
  /** False when no task of the service runs on the node, so that nothing could ask from there. */
  readonly asked: boolean;
  readonly addresses: readonly {
    readonly address: string;
    readonly ok: boolean;
    readonly node: string | null;
    readonly error: string | null;
  }[];
  readonly error: string | null;
}

export interface Reach {
  readonly whole: boolean;
  /** Nodes that asked, and requests that crossed from one node to another and were answered. */
  readonly nodes: readonly string[];
  readonly crossed: number;
  readonly sentence: string;
}

/** Reads the one JSON line that `probe` prints in a task; no output means that there was no task to ask. */
export function parseReach(from: string, stdout: string, stderr: string): NodeReach {
  const text = stdout.trim();
  if (text === "" && stderr.trim() === "")
    return { from, asked: false, addresses: [], error: null };
  try {
    const { addresses, error } = JSON.parse(text) as Pick<NodeReach, "addresses" | "error">;
    if (!Array.isArray(addresses)) throw new TypeError("no addresses");
    // An application that was not told its node says "".
    const told = addresses.map((one) => ({ ...one, node: one.node || null }));
    return { from, asked: true, addresses: told, error };
  } catch {
    const said = stderr.trim() || text;
    return { from, asked: true, addresses: [], error: `the probe did not run: ${said}` };
  }
}

/** For each node that asked, the other ones whose tasks it did not find; nothing where the answers do not tell. */
function unseen(asked: readonly NodeReach[]): string[] {
  const names = asked.map(({ from }) => from);
  return asked.flatMap(({ from, addresses }) => {
    const seen = addresses.flatMap(({ node }) => (node && names.includes(node) ? [node] : []));
    if (seen.length < addresses.length) return [];
    const missed = names.filter((node) => node !== from && !seen.includes(node));
    return missed.map((node) => `${from} finds no task of ${node}`);
  });
}

function sentenceOf(asked: readonly NodeReach[], crossed: number): string {
  const nodes = asked.map(({ from }) => from).join(", ");
  if (asked.length === 0) return "not probed: no task that could ask";
  if (crossed > 0) return `${crossed} requests crossed between ${nodes}, none was lost`;
  if (asked.length === 1) return `asked on ${nodes} alone, so that nothing crossed between nodes`;
  return `every task answered ${nodes}; the answers do not tell from which node`;
}

/**
 * Whole means: every node that asked got an answer from every task's address, all saw equally many, and each saw tasks
 * of all the others. One node alone is whole, but proves no crossing, and the sentence says so.
 */
export function judgeReach(seen: readonly NodeReach[]): Reach {
  const asked = seen.filter((one) => one.asked);
  const failures = asked.flatMap(({ from, addresses, error }) => [
    ...(error ? [`${from}: ${error}`] : []),
    ...addresses
      .filter(({ ok }) => !ok)
      .map((one) => `${from} does not reach ${one.address}: ${one.error ?? "no answer"}`),
  ]);
  const counts = new Set(asked.map(({ addresses }) => addresses.length));
  const listed = asked.map(({ from, addresses }) => `${from} finds ${addresses.length}`);
  const uneven =
    counts.size > 1 || counts.has(0)
      ? [`nodes find different numbers of tasks: ${listed.join(", ")}`]
      : [];
  const whole = failures.length === 0 && uneven.length === 0;
  const problems = [...failures, ...uneven, ...(whole ? unseen(asked) : [])];
  const crossed = asked
    .flatMap(({ from, addresses }) => addresses.map((one) => ({ ...one, from })))
    .filter(({ ok, node, from }) => ok && node !== null && node !== from).length;
  return {
    whole: problems.length === 0,
    nodes: asked.map(({ from }) => from),
    crossed,
    sentence: problems.length > 0 ? problems.join("; ") : sentenceOf(asked, crossed),
  };
}
