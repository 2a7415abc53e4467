import type { StageKeys } from "../../../components/drills/stage/keys.ts";
import { mustReadSwarm } from "../../backup/read-swarm.ts";
import { UnlockKeys } from "../../backup/unlock-keys.ts";
import { WaitError } from "../../lib/wait.ts";
import type { StageContext } from "./context.ts";

/** Keys are kept where the drill's and the lab's are; the registry's login comes by the environment. */
export function stageKeys({ core, description, places }: StageContext): StageKeys {
  const { LAB_REGISTRY_USERNAME: username, LAB_REGISTRY_PASSWORD: password } = process.env;
  const currentKey: StageKeys["currentKey"] = async () => {
    const { unlockKey, fingerprint } = await mustReadSwarm(core.managers, "drill");
    if (unlockKey === "") return undefined;
    // With the lab's keys too: after a drill that was killed, `npm run up` has to open these managers.
    await new UnlockKeys(description.backups.keys).keep(unlockKey, fingerprint.clusterId);
    const { hash } = await places.keys.keep(unlockKey, fingerprint.clusterId);
    return { hash };
  };
  return {
    async autolock(on) {
      await core.on(await core.leader(), `docker swarm update --autolock=${on} >/dev/null`);
      return currentKey();
    },
    currentKey,
    async unlock(node, { hash }, seconds) {
      const key = await places.keys.find(hash);
      if (key === undefined) throw new WaitError(`no unlock key ${hash.slice(0, 12)} was kept`);
      return core.try(node, "docker swarm unlock", { seconds, stdin: `${key}\n` });
    },
    registryLogin: username && password ? { username, password } : undefined,
  };
}
