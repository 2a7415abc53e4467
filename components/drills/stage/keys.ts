import type { NodeHandle } from "../../nodes/types.ts";
import type { Captured } from "../../process.ts";

/** An unlock key, without the key: it is kept with the drill's and the lab's unlock keys. */
export interface StagedKey {
  /** Its SHA-256. */
  readonly hash: string;
}

/** What opens something: unlock keys and logins. */
export interface StageKeys {
  /** Switches autolock on or off; of a swarm that has it, keeps the unlock key. The swarm must have a quorum. */
  autolock(on: boolean): Promise<StagedKey | undefined>;
  /** Keeps the unlock key that the swarm has now; undefined without autolock. */
  currentKey(): Promise<StagedKey | undefined>;
  /** `docker swarm unlock` with a kept key, on standard input; code 124 when it did not end within `seconds`. */
  unlock(node: NodeHandle, key: StagedKey, seconds: number): Promise<Captured>;
  /** How to log in to the lab's registry; undefined where the drill was not told. Never to be kept. */
  readonly registryLogin: { readonly username: string; readonly password: string } | undefined;
}
