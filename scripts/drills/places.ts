import { join } from "node:path";
import { DirectoryPlace } from "../backup/directory-place.ts";
import type { BackupPlace } from "../backup/place.ts";
import { UnlockKeys } from "../backup/unlock-keys.ts";

/** Where a drill keeps its backups: in its own folder, so that it touches nobody else's. */
export interface DrillPlaces {
  readonly backups: BackupPlace;
  readonly keys: UnlockKeys;
  readonly backupJournal: string;
  readonly restoreJournal: string;
}

export function drillPlaces(folder: string): DrillPlaces {
  return {
    backups: new DirectoryPlace(join(folder, "backups")),
    keys: new UnlockKeys(join(folder, "unlock-keys")),
    backupJournal: join(folder, "backup-aside.json"),
    restoreJournal: join(folder, "restore.json"),
  };
}
