/**
 * Marks a machine as a host of the lab, and notes what is there, before anything is changed: whatever comes after, and however
 * far, the release takes back. A host that another lab has is left as it is. Run again at any time.
 */
import { UserError } from "../../components/errors.ts";
import { runOn } from "../../components/nodes/exec.ts";
import { claimScript, claimText, isOurs, parseClaim } from "../../components/nodes/hosts/claim.ts";
import type { HostInput } from "../../components/nodes/hosts/host-input.ts";
import { input, runStep } from "../lib/driver.ts";
import { ENGINE_FOLDERS, FOLDERS_BEFORE } from "./places.ts";

/** The folders of an engine that somebody had before: once, whatever comes after. */
const NOTE_FOLDERS = `[ -e ${FOLDERS_BEFORE} ] || {
  for folder in ${ENGINE_FOLDERS.join(" ")}; do if [ -e "$folder" ]; then echo "$folder"; fi; done >${FOLDERS_BEFORE}.new
  mv ${FOLDERS_BEFORE}.new ${FOLDERS_BEFORE}
}`;

await runStep(async () => {
  const { lab, id, node } = input<HostInput>("LAB_HOST");
  const held = parseClaim(await runOn(node, "claiming it", claimScript({ lab, id })));
  if (!isOurs(held, { lab, id }))
    throw new UserError(
      `${node.name}: got a host of another lab, ${claimText(held)}, need one that no other lab uses; take that lab down first, from the checkout that made it, or remove /etc/swarm-lab on the host if it is gone`,
    );
  await runOn(node, "noting what is there", NOTE_FOLDERS);
  return { node: node.name };
});
