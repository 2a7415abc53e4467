import type { Stage } from "../stage.ts";

/** Takes the state from every manager at once: no power, and an empty disk. */
export async function loseManagers(stage: Stage): Promise<void> {
  stage.phase("break", "every manager loses its power and its swarm directory");
  await Promise.all(stage.managers.map((node) => stage.kill(node)));
  stage.mark("fault"); // until the last one was off, writes could be acknowledged
  await Promise.all(stage.managers.map((node) => stage.wipe(node)));
  stage.phase("prove", "no manager knows the swarm any more");
  await Promise.all(stage.managers.map((node) => stage.start(node)));
  const gone: string[] = [];
  for (const node of stage.managers) {
    gone.push(
      await stage.until<string>(`${node.name} is in no swarm`, 60, async () => {
        const { code, stdout } = await stage.try(
          node,
          "docker info --format '{{.Swarm.LocalNodeState}}'",
        );
        return code === 0 && stdout.trim() !== ""
          ? { done: `${node.name} ${stdout.trim()}` }
          : { waiting: "its engine does not answer" };
      }),
    );
  }
  stage.fact("gone", gone);
  await Promise.all(stage.managers.map((node) => stage.stop(node)));
}

/** Writes one object and keeps its index, which has to be higher than all that the backup held. */
export async function firstWrite(stage: Stage, node = stage.managers[0]): Promise<void> {
  if (node === undefined) throw new Error("a lab without a manager");
  const name = `drill-${stage.runId}-index`;
  const index = await stage.on(
    node,
    `id=$(echo ${name} | docker config create --label swarm-lab.drill=${stage.runId} ${name} -)
docker config inspect --format '{{.Version.Index}}' "$id"; docker config rm "$id" >/dev/null`,
  );
  stage.fact("firstIndex", Number(index.split("\n")[0]));
}
