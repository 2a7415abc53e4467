import type { Read } from "../../components/drills/checker.ts";
import { execOn, NodeCommandError, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type Look, waitFor } from "../lib/wait.ts";
import { WRITE_LABEL } from "./writer.ts";

const CURL = "curl -sS --max-time 25 --unix-socket /var/run/docker.sock";
/** Seconds until a manager that does not answer is given up. */
const PATIENCE = 60;

interface ConfigJson {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Data?: string };
}

/** All configs of a run by the engine's API, or why there is no answer. */
async function list(manager: NodeHandle, runId: string): Promise<Look<ConfigJson[]>> {
  const filters = JSON.stringify({ label: { [`${WRITE_LABEL}=${runId}`]: true } });
  const script = `${CURL} -f -G http://engine/configs --data-urlencode "filters=$DRILL_FILTERS"`;
  const env = { DRILL_FILTERS: filters };
  const { code, stdout, stderr } = await execOn(manager, script, { env, timeout: 30_000 });
  if (code !== 0) return { waiting: stderr.trim() || `curl ended with ${code}` };
  const found: unknown = JSON.parse(stdout);
  if (!Array.isArray(found)) return { failed: `it answered no list: ${stdout.slice(0, 200)}` };
  return { done: found as ConfigJson[] };
}

const waitForList = (manager: NodeHandle, runId: string, deadline: number) =>
  waitFor(`${manager.name}: reads the writes of ${runId}`, () => list(manager, runId), {
    deadline,
    interval: 0.5,
  });

/**
 * What one manager tells of all writes of a run, names and data, tried again for `deadline` seconds while it does not
 * answer. A manager passes every read on to its leader, and no API shows a follower's own copy: equal answers prove that
 * all managers follow one leader.
 */
export async function finalRead(
  manager: NodeHandle,
  runId: string,
  deadline = PATIENCE,
): Promise<Read> {
  const found = await waitForList(manager, runId, deadline);
  const values = found.map(({ Spec }) => [
    Spec.Name,
    Buffer.from(Spec.Data ?? "", "base64").toString("utf8"),
  ]);
  return { manager: manager.name, values: Object.fromEntries(values) };
}

/**
 * Removes all writes of a run through one manager and returns how many there were. Fails when any remains. Each is a
 * Raft write of its own; one curl sends them all over one connection.
 */
export async function removeWrites(manager: NodeHandle, runId: string): Promise<number> {
  const found = await waitForList(manager, runId, PATIENCE);
  if (found.length === 0) return 0;
  const stdin = found.map(({ ID }) => `http://engine/configs/${ID}\n`).join("");
  const script = `xargs -n 500 ${CURL} -X DELETE`;
  const said = await runOn(manager, "removing the writes of a drill", script, {
    stdin,
    timeout: 120_000,
  });
  const left = await waitForList(manager, runId, PATIENCE);
  if (left.length > 0) {
    const stderr = `${left.length} of ${found.length} remain: ${said.trim().slice(0, 300)}`;
    const result = { code: 1, stdout: "", stderr };
    throw new NodeCommandError(manager.name, "removing the writes of a drill", result);
  }
  return found.length;
}
