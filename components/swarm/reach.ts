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
    return { from, asked: true, addresses, error };
  } catch {
    const said = stderr.trim() || text;
    return { from, asked: true, addresses: [], error: `the probe did not run: ${said}` };
  }
}

/**
 * Whole means: every node that asked got an answer from every task's address, and all saw equally many. One node alone
 * is whole, but proves no crossing, and the sentence says so.
 */
export function judgeReach(seen: readonly NodeReach[]): Reach {
  const asked = seen.filter((one) => one.asked);
  const problems = asked.flatMap(({ from, addresses, error }) => [
    ...(error ? [`${from}: ${error}`] : []),
    ...addresses
      .filter(({ ok }) => !ok)
      .map((one) => `${from} does not reach ${one.address}: ${one.error ?? "no answer"}`),
  ]);
  const counts = new Set(asked.map(({ addresses }) => addresses.length));
  if (counts.size > 1 || counts.has(0)) {
    const listed = asked.map(({ from, addresses }) => `${from} finds ${addresses.length}`);
    problems.push(`nodes find different numbers of tasks: ${listed.join(", ")}`);
  }
  const crossed = asked
    .flatMap(({ from, addresses }) => addresses.map((one) => ({ ...one, from })))
    .filter(({ ok, node, from }) => ok && node !== null && node !== from).length;
  const nodes = asked.map(({ from }) => from);
  const sentence =
    problems.length > 0
      ? problems.join("; ")
      : asked.length === 0
        ? "not probed: no task that could ask"
        : `${crossed} requests crossed between ${nodes.join(", ")}, none was lost`;
  return { whole: problems.length === 0, nodes, crossed, sentence };
}
