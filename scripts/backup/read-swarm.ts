import {
  parseFingerprint,
  READ_FINGERPRINT,
  type SwarmFingerprint,
} from "../../components/backup/fingerprint.ts";
import type { SwarmState } from "../../components/backup/source.ts";
import { UserError } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { askManagers } from "../swarm/managers.ts";

/** All that a backup or a restore needs to know of a swarm that has a quorum. */
export interface SwarmRead extends SwarmState {
  /** The manager that answered. */
  readonly via: NodeHandle;
  readonly fingerprint: SwarmFingerprint;
  /** The unlock key; empty without autolock. Never to be shown. */
  readonly unlockKey: string;
}

const GET = "curl -sSf --max-time 10 --unix-socket /var/run/docker.sock http://engine";
/** Whether there is a quorum shows at once; reading tens of megabytes of configs may then take its time. */
const READ = `timeout 5 docker node ls --quiet >/dev/null
${READ_FINGERPRINT}
echo; ${GET}/nodes | tr -d '\\n'; echo; ${GET}/info | tr -d '\\n'; echo; ${GET}/swarm/unlockkey`;

interface NodeJson {
  readonly ID: string;
  readonly Spec: { readonly Role: string };
  readonly Status: { readonly State: string };
  readonly Description: {
    readonly Hostname: string;
    readonly Engine: { readonly EngineVersion: string };
  };
  readonly ManagerStatus?: {
    readonly Leader?: boolean;
    readonly Reachability: string;
    readonly Addr: string;
  };
}

/** What drills write and take away again does not count as part of a swarm. */
export const DRILL_LABEL = "swarm-lab.drill";

/** Reads a swarm through the first manager that has a quorum; undefined when none has. */
export async function readSwarm(managers: readonly NodeHandle[]): Promise<SwarmRead | undefined> {
  const answer = await askManagers(managers, READ, 60);
  if (answer === undefined) return undefined;
  const lines = answer.stdout.split("\n").filter((line) => line.trim() !== "");
  const [nodes = "[]", info = "{}", key = "{}"] = lines.slice(6);
  const { Swarm } = JSON.parse(info) as {
    Swarm: { Cluster?: { RootRotationInProgress?: boolean } };
  };
  return {
    via: answer.manager,
    fingerprint: parseFingerprint(lines.slice(0, 6).join("\n"), (labels) => DRILL_LABEL in labels),
    unlockKey: (JSON.parse(key) as { UnlockKey?: string }).UnlockKey ?? "",
    rotatingCa: Swarm.Cluster?.RootRotationInProgress ?? false,
    managers: (JSON.parse(nodes) as NodeJson[])
      .filter(({ ManagerStatus }) => ManagerStatus !== undefined)
      .map(({ ID, Status, Description, ManagerStatus }) => ({
        id: ID,
        name: Description.Hostname,
        address: (ManagerStatus?.Addr ?? "").replace(/:\d+$/, ""),
        leader: ManagerStatus?.Leader ?? false,
        reachable: ManagerStatus?.Reachability === "reachable",
        ready: Status.State === "ready",
        engineVersion: Description.Engine.EngineVersion,
      })),
  };
}

/** The same, or a UserError: what has no quorum can be restored, but no longer be backed up. */
export async function mustReadSwarm(
  managers: readonly NodeHandle[],
  where: string,
): Promise<SwarmRead> {
  const read = await readSwarm(managers);
  if (read !== undefined) return read;
  const names = managers.map(({ name }) => name).join(", ");
  throw new UserError(
    `${where}: got no quorum (none of ${names} answers), need a swarm that works: a crashed cluster cannot be backed up; ` +
      "`npm run up` starts what is stopped, `npm run restore` brings back an earlier backup",
  );
}
