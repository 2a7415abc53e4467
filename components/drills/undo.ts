/**
 * Label of a service that a drill has changed for a moment: the flags of `docker service update` by which it is again what
 * it was. A drill takes it away itself; after one that was killed whoever mends the lab does.
 */
export const UNDO_LABEL = "swarm-lab.drill-undo";

/** Whether a label's value is nothing but flags with plain values, and may be typed. */
export const isUndo = (value: string): boolean =>
  /^(--[a-z-]+ [\w.-]+)( --[a-z-]+ [\w.-]+)*$/.test(value);
