import { join } from "node:path";

/** Where the reports of a swarm's drills are. Another swarm of the same lab's name has other reports. */
export const reportsFolder = (root: string, lab: string, clusterId: string): string =>
  join(root, "reports", lab, clusterId.slice(0, 8));
