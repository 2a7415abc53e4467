import type { Stage } from "../stage.ts";

/** Waits until all managers are Leader or Reachable, and keeps what the list said, and how many the lab has. */
export async function keepQuorum(stage: Stage): Promise<void> {
  const ask =
    "docker node ls --filter role=manager --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'";
  const quorum = await stage.until<string[]>("every manager is Reachable", 60, async () => {
    const lines = (await stage.on(await stage.leader(), ask)).split("\n");
    const well = lines.filter((line) => /Ready (Leader|Reachable)$/.test(line));
    return well.length === lines.length && well.length === stage.managers.length
      ? { done: lines }
      : { waiting: lines.join(", ") };
  });
  stage.fact("quorum", quorum);
  stage.fact("managersWanted", stage.managers.length);
}
