import type { NodeHandle } from "../../components/nodes/types.ts";
import { timed } from "../cli/report.ts";
import { type BackupRequest, fileName } from "./backup-request.ts";
import { encrypt } from "./crypt.ts";
import { note } from "./journal.ts";
import type { Draft } from "./place.ts";
import { findVolume, readVolume, scale } from "./volumes.ts";

/** Takes the archive of a volume into the draft; the services that use it are scaled to 0 meanwhile, and always come back. */
export async function archiveVolume(
  request: BackupRequest,
  volume: string,
  via: NodeHandle,
  draft: Draft,
) {
  const { encryption, say, journal, registry } = request;
  const place = await findVolume(volume, request.nodes, via);
  const zero = Object.fromEntries(Object.keys(place.services).map((name) => [name, 0]));
  const kind = volume === registry ? ("registry" as const) : ("volume" as const);
  const file = fileName(kind === "registry" ? "registry" : `volume-${volume}`, encryption);
  const written = await timed(
    `${place.node.name}: archiving volume ${volume}`,
    async () => {
      await note(journal, { services: place.services });
      try {
        await scale(via, zero);
        const { stream, done } = await readVolume(place);
        const [stored] = await Promise.all([draft.write(file, encrypt(stream, encryption)), done]);
        return stored;
      } finally {
        await scale(via, place.services);
        await note(journal, {});
      }
    },
    say,
  );
  return {
    kind,
    name: volume,
    node: place.node.name,
    file,
    encryption: encryption.kind,
    ...written,
  };
}
