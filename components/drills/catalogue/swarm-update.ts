import type { Stage } from "../stage.ts";

/** The part of a swarm's settings that drills change where the command line cannot. */
export interface SwarmSpec {
  readonly Raft: { SnapshotInterval: number; LogEntriesForSlowFollowers: number };
  readonly CAConfig: { ForceRotate?: number; SigningCACert?: string; SigningCAKey?: string };
}

/** curl on a node, to its own engine; the body comes on standard input. */
export const API = "curl -sSf --max-time 30 --unix-socket /var/run/docker.sock";
export const JSON_BODY = "-H 'Content-Type: application/json' -d @-";

/** Changes the swarm's settings through its API, and returns what they were. */
export async function updateSwarm(
  stage: Stage,
  change: (spec: SwarmSpec) => void,
): Promise<SwarmSpec> {
  const leader = await stage.leader();
  return stage.until<SwarmSpec>("the swarm takes new settings", 30, async () => {
    const { Version, Spec } = JSON.parse(await stage.on(leader, `${API} http://engine/swarm`)) as {
      readonly Version: { readonly Index: number };
      readonly Spec: SwarmSpec;
    };
    const was = structuredClone(Spec);
    change(Spec);
    const { code, stderr } = await stage.try(
      leader,
      `${API} ${JSON_BODY} 'http://engine/swarm/update?version=${Version.Index}'`,
      { stdin: JSON.stringify(Spec) },
    );
    return code === 0 ? { done: was } : { waiting: stderr.trim() };
  });
}
