import type { Stage } from "../stage.ts";
import { UNDO_LABEL } from "../undo.ts";

/**
 * Changes a service that is not the drill's own while `work` runs, and changes it back at its end. Both are flags of
 * `docker service update`. How it was is noted on the service itself, in one change with the first: who mends a lab after
 * a drill that was killed finds it there.
 */
export async function whileChanged(
  stage: Stage,
  service: string,
  { to, back }: { readonly to: string; readonly back: string },
  work: () => Promise<void>,
): Promise<void> {
  const update = async (flags: string) =>
    stage.on(
      await stage.leader(),
      `docker service update --detach --quiet ${flags} ${service} >/dev/null`,
    );
  await update(`${to} --label-add '${UNDO_LABEL}=${back}'`);
  try {
    await work();
  } finally {
    await update(`${back} --label-rm ${UNDO_LABEL}`);
  }
}
