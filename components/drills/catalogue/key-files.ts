import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";

/** A manager's key file: sealed with the unlock key or not, and the version of that key. */
export interface KeyFile {
  readonly sealed: boolean;
  /** Raft index at which the swarm took the key that this file is sealed with; 0: none. */
  readonly version: number;
}

/** The head of the file only: below it is the key. */
const READ = `sed -n '1p; s/^kek-version: //p' /var/lib/docker/swarm/certificates/swarm-node.key`;

export async function keyFile(stage: Stage, node: NodeHandle): Promise<KeyFile> {
  const [head = "", version = ""] = (await stage.on(node, READ)).split("\n");
  return { sealed: head.includes("ENCRYPTED"), version: Number(version || "0") };
}

/** Waits until the key files of all these managers are as wanted: each writes its own, seconds after the swarm is told. */
export async function awaitKeyFiles(
  stage: Stage,
  nodes: readonly NodeHandle[],
  wanted: (file: KeyFile) => boolean,
  what: string,
): Promise<KeyFile[]> {
  return Promise.all(
    nodes.map((node) =>
      stage.until<KeyFile>(`the key file of ${node.name} is ${what}`, 30, async () => {
        const file = await keyFile(stage, node);
        return wanted(file)
          ? { done: file }
          : { waiting: `sealed: ${file.sealed}, version ${file.version}` };
      }),
    ),
  );
}

export const sealed = ({ sealed }: KeyFile) => sealed;
export const open = ({ sealed }: KeyFile) => !sealed;

/** Switches autolock on for a drill, and back at its end, also of one that fails. */
export async function lockForDrill(stage: Stage) {
  const had = (await stage.fingerprint()).settings.autolock;
  stage.defer("autolock is as it was", async () => {
    await stage.autolock(had);
    if (!had) await awaitKeyFiles(stage, stage.managers, open, "open");
  });
  const key = await stage.autolock(true);
  if (key === undefined) throw new Error("autolock was switched on, and there is no unlock key");
  await awaitKeyFiles(stage, stage.managers, sealed, "sealed");
  return key;
}
