import { type DiskRead, readFrom } from "../../components/nodes/disk.ts";
import { stopEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { timed } from "../cli/report.ts";
import { type BackupRequest, fileName } from "./backup-request.ts";
import { encrypt } from "./crypt.ts";
import { bringBack } from "./engine.ts";
import { note } from "./journal.ts";
import type { Draft } from "./place.ts";

/** The write-ahead log is 64 MB of which next to nothing is written: the fastest compression makes it 1 MB. */
const ARCHIVE = "tar -C /var/lib/docker -I 'gzip -1' -cpf - swarm";

/** Takes the archive of a manager's swarm directory into the draft. Cold: its engine is stopped meanwhile, and always comes back. */
export async function archiveSwarm(
  request: BackupRequest,
  node: NodeHandle,
  draft: Draft,
  unlockKey: string,
) {
  const { encryption, say, journal, hot } = request;
  const store = async ({ stream, done }: DiskRead) => {
    const [written] = await Promise.all([
      draft.write(fileName("swarm", encryption), encrypt(stream, encryption)),
      done,
    ]);
    return written;
  };
  if (hot) {
    const from = Date.now();
    const written = await timed(
      `${node.name}: archiving its swarm directory while it is written to`,
      async () => store(await readFrom(node, "archiving its swarm directory", ARCHIVE, "node")),
      say,
    );
    return { written, cut: { from, to: Date.now() } };
  }
  const managers = request.nodes.filter(({ role }) => role === "manager");
  await note(journal, { engine: node.name });
  const from = Date.now();
  try {
    await timed(`${node.name}: stopping its engine`, () => stopEngine(node), say);
    const cut = { from, to: Date.now() };
    const written = await timed(
      `${node.name}: archiving its swarm directory`,
      async () => store(await readFrom(node, "archiving its swarm directory", ARCHIVE)),
      say,
    );
    return { written, cut };
  } finally {
    await timed(
      `${node.name}: back, and Reachable`,
      () => bringBack(node, managers, unlockKey),
      say,
    );
    await note(journal, {});
  }
}
