/** Names of all drills, for the configuration: it need not load the drills themselves. A test holds it to the catalogue. */
export const DRILL_NAMES = [
  "backup",
  "hot-backup",
  "restore-cluster",
  "restore-new-node",
  "restore-other-address",
  "restore-autolocked",
  "rehearsal",
  "restore-one-manager",
  "time-travel",
  "restore-volume",
  "restore-registry",
  "token-rotation",
  "ca-rotation",
  "unlock-key-rotation",
  "autolock",
  "volume-moves",
] as const;
