/** One line of `docker node ls`. */
export interface NodeEntry {
  readonly id: string;
  readonly hostname: string;
  readonly status: string;
  readonly availability: string;
  /** "Leader", "Reachable", "Unreachable", or "" for a worker and for the ghosts a forced cluster leaves. */
  readonly managerStatus: string;
  readonly engineVersion: string;
}

interface Line {
  readonly ID: string;
  readonly Hostname: string;
  readonly Status: string;
  readonly Availability: string;
  readonly ManagerStatus: string;
  readonly EngineVersion: string;
}

/** Parses `docker node ls --format '{{json .}}'`, one JSON object a line. Throws on a line that is none. */
export function parseNodes(text: string): NodeEntry[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const entry = JSON.parse(line) as Line;
    return {
      id: entry.ID,
      hostname: entry.Hostname,
      status: entry.Status,
      availability: entry.Availability,
      managerStatus: entry.ManagerStatus,
      engineVersion: entry.EngineVersion,
    };
  });
}
