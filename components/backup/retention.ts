/** What of the backups that are there may go. */

export interface KeptBackup {
  readonly name: string;
  /** When it was made, in ISO 8601. */
  readonly time: string;
  /** Whether it was verified and nothing was found. */
  readonly good: boolean;
  /** Whether the engine was stopped meanwhile. A hot one may not start again. */
  readonly cold: boolean;
  /** Hash of the unlock key it needs. */
  readonly unlockKey?: string;
}

export interface Removal {
  /** Names of backups, oldest first. */
  readonly remove: readonly string[];
  /** Hashes of unlock keys. To be removed after the backups, so that no archive is ever left without its key. */
  readonly removeKeys: readonly string[];
}

/**
 * Plans what to remove so that the newest `keep` backups that can be relied on stay: good and cold ones. The others never
 * count:
 * - a broken one goes when a reliable one is newer; until then it may be all there is, and parts of it may be of use;
 * - a hot one goes when `keep` reliable ones are newer.
 *
 * Without a reliable one nothing goes. A key goes only with the last archive that names it: a key that no archive names
 * may be the swarm's present one, which the next backup will name. `keys` are the hashes of the keys that are kept.
 * Throws a RangeError when `keep` is no whole number above 0.
 */
export function planRetention(
  backups: readonly KeptBackup[],
  keep: number,
  keys: readonly string[],
): Removal {
  if (!Number.isInteger(keep) || keep < 1)
    throw new RangeError(`keep: got ${keep}, need a whole number of backups, 1 or more`);
  const newestFirst = [...backups].sort(
    (a, b) => order(b) - order(a) || (a.name < b.name ? 1 : -1),
  );
  let reliable = 0;
  const gone: KeptBackup[] = [];
  for (const backup of newestFirst) {
    const counts = backup.good && backup.cold;
    const least = backup.good ? keep : 1;
    if (reliable >= least) gone.push(backup);
    else if (counts) reliable += 1;
  }
  const staying = new Set(backups.filter((one) => !gone.includes(one)).map((one) => one.unlockKey));
  const leaving = new Set(gone.map((one) => one.unlockKey));
  return {
    remove: gone.map(({ name }) => name).reverse(),
    removeKeys: keys.filter((key) => leaving.has(key) && !staying.has(key)),
  };
}

const order = ({ time }: KeptBackup) => Date.parse(time);
