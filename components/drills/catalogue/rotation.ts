import type { Stage } from "../stage.ts";
import { START_FIRST } from "./own-services.ts";
import {
  type Kind,
  look,
  make,
  REPLICAS,
  refused,
  removeAtTheEnd,
  TARGET,
} from "./rotation-world.ts";

/** Replaces an object that tasks read: a new one under a new name, at the same path. */
export async function rotate(stage: Stage, kind: Kind): Promise<void> {
  const [from] = stage.workers;
  if (from === undefined) throw new Error("a lab without workers");
  const target = TARGET[kind];
  const [one, two] = [`drill-${stage.runId}-${kind}-v1`, `drill-${stage.runId}-${kind}-v2`];
  removeAtTheEnd(stage, kind, [one, two]);
  stage.phase("plant", `a service that reads a ${kind}, and a client that asks it all the while`);
  const first = await make(stage, kind, one);
  const env = kind === "secret" ? "SECRET_FILE" : "CONFIG_FILE";
  const name = await stage.startService("web", {
    replicas: REPLICAS,
    flags: `${START_FIRST} --${kind} source=${one},target=${target},mode=0444 --env ${env}=${target}`,
  });
  stage.fact("name", name);
  stage.fact("before", await look(stage, kind, name));
  await stage.startLoad(from, [name]);
  stage.mark("fault");
  stage.phase("break", `the old ${kind} can be neither changed nor removed`);
  stage.fact("inUse", await refused(stage, `docker ${kind} rm ${one}`));
  stage.fact("sameName", await refused(stage, `docker ${kind} create ${one} -`, "other"));
  stage.phase("prove", `a new ${kind} alone changes nothing`);
  stage.fact("values", [first, await make(stage, kind, two)]);
  stage.fact("untold", await look(stage, kind, name));
  stage.phase("recover", "the service gets the new one in its place");
  const leader = await stage.leader();
  const update = async () => {
    await stage.on(
      leader,
      `docker service update --detach --quiet --${kind}-rm ${one} \\
--${kind}-add source=${two},target=${target},mode=0444 ${name} >/dev/null`,
    );
    return stage.updateEnds(name, ["completed"]);
  };
  stage.fact("updated", await update());
  stage.fact("after", await look(stage, kind, name));
  stage.phase("verify", "the old one can go, and with it the way back: a rollback needs it");
  stage.fact("removed", (await stage.try(leader, `docker ${kind} rm ${one}`)).code);
  const rollback = await refused(stage, `docker service rollback --detach --quiet ${name}`);
  const error = await stage.until<string>("the rollback comes to an end", 60, async () => {
    const missing = (await stage.tasks(name)).find((task) => /not found/.test(task.error));
    const { update, message } = await stage.service(name);
    if (missing !== undefined && update === "rollback_paused") return { done: missing.error };
    return { waiting: `it is ${update}: ${message}` };
  });
  stage.fact("rollback", { ...rollback, error, service: await stage.service(name) });
  await update();
  stage.fact("end", await look(stage, kind, name));
  stage.mark("healed");
  const shown = await stage.on(leader, `docker ${kind} inspect --format '{{json .Spec}}' ${two}`);
  stage.fact("shown", "Data" in (JSON.parse(shown) as object));
  stage.fact("load", await stage.endLoad());
}
