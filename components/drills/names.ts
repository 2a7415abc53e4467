/** Names of all drills, for the configuration: it need not load the drills themselves. A test holds it to the catalogue. */
export const DRILL_NAMES = ["backup", "restore-cluster"] as const;
