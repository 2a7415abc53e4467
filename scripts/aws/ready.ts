/**
 * Waits until an instance has become what its user data says, and makes it ready to be a node: what has to travel later than
 * that, trust in the lab's registry and its name. Looks whether its kernel can what was planned. Run again at any time.
 */
import { refuse } from "../../components/errors.ts";
import type { InstanceInput } from "../../components/nodes/aws/instance-input.ts";
import { kernelProblems } from "../../components/nodes/aws/kernel.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { READY_FILE } from "../../components/nodes/hosts/user-data.ts";
import { KERNEL_PROBE, parseKernelProbe } from "../../components/nodes/kernel-probe.ts";
import { quoted } from "../../components/nodes/quote.ts";
import { bringFiles, groupFor, introduceRegistry, START_ENGINE } from "../hosts/equip.ts";
import { input, runStep } from "../lib/driver.ts";
import { waitFor } from "../lib/wait.ts";

const MINUTE = 60_000;

/** cloud-init ends with an error for less than that; whether it brought the node about its last command says. */
const CLOUD_INIT = `cloud-init status --wait >/dev/null 2>&1 || true
[ -e ${READY_FILE} ] || {
  cloud-init status --long >&2
  tail -n 3 /var/log/cloud-init-output.log >&2
  exit 1
}`;

await runStep(async () => {
  const { node, registry, needs } = input<InstanceInput>("LAB_INSTANCE");
  const { connection } = node;
  if (connection.kind !== "ssh") throw new Error(`${node.name} is no instance`);
  await waitFor(
    `${node.name} answers`,
    async () => {
      const { code, stderr } = await execOn(node, "true", { timeout: 2 * MINUTE });
      return code === 0 ? { done: true } : { waiting: stderr.trim().split("\n").at(-1) ?? "" };
    },
    // Its agent comes with cloud-init, after the engine, and is let in some seconds later.
    { deadline: 15 * 60, interval: 5 },
  );
  await runOn(node, "waiting for cloud-init", CLOUD_INIT, { timeout: 15 * MINUTE });
  const probe = `unshare --net timeout 20 sh -c ${quoted(KERNEL_PROBE)}`;
  const said = await runOn(node, "asking its kernel", probe, { timeout: MINUTE });
  refuse(
    `${node.name} cannot be the node that was planned`,
    kernelProblems(node.name, parseKernelProbe(said), needs),
  );
  await bringFiles(node);
  if (registry !== undefined) await introduceRegistry(node, registry, process.env.LAB_CA ?? "");
  await runOn(node, "starting its engine", START_ENGINE, { timeout: 3 * MINUTE });
  await runOn(node, "letting its user ask the engine", groupFor(connection.user));
  return { node: node.name };
});
