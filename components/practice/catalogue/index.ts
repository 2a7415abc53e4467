import { UserError } from "../../errors.ts";
import type { Exercise } from "../exercise.ts";
import { addressOfANode } from "./address-of-a-node.ts";
import { autolockOn } from "./autolock-on.ts";
import { buildImage } from "./build-image.ts";
import { certificateLifetime } from "./certificate-lifetime.ts";
import { composeStack } from "./compose-stack.ts";
import { configFile } from "./config-file.ts";
import { constraintByLabel } from "./constraint-by-label.ts";
import { dnsRoundRobin } from "./dns-round-robin.ts";
import { drainNode } from "./drain-node.ts";
import { drainedByMistake } from "./drained-by-mistake.ts";
import { globalService } from "./global-service.ts";
import { healthCheck } from "./health-check.ts";
import { hostPort } from "./host-port.ts";
import { imageByDigest } from "./image-by-digest.ts";
import { leakedToken } from "./leaked-token.ts";
import { leaveTheSwarm } from "./leave-the-swarm.ts";
import { limitsAndReservations } from "./limits-and-reservations.ts";
import { logRotation } from "./log-rotation.ts";
import { multiStageBuild } from "./multi-stage-build.ts";
import { namesWithinANetwork } from "./names-within-a-network.ts";
import { overlayNetwork } from "./overlay-network.ts";
import { pauseNode } from "./pause-node.ts";
import { pendingTask } from "./pending-task.ts";
import { replaceAManager } from "./replace-a-manager.ts";
import { replaceSecret } from "./replace-secret.ts";
import { replicatedService } from "./replicated-service.ts";
import { restartPolicy } from "./restart-policy.ts";
import { rollBack } from "./roll-back.ts";
import { rollingUpdate } from "./rolling-update.ts";
import { rotateTheCa } from "./rotate-the-ca.ts";
import { saveAndLoad } from "./save-and-load.ts";
import { scaleService } from "./scale-service.ts";
import { secretFile } from "./secret-file.ts";
import { spreadOverZones } from "./spread-over-zones.ts";
import { templateFields } from "./template-fields.ts";
import { tmpfsAndReadOnly } from "./tmpfs-and-read-only.ts";
import { volumeOfANode } from "./volume-of-a-node.ts";

/** All exercises, by domain and from easy to hard. */
export const EXERCISES: readonly Exercise[] = [
  replicatedService,
  globalService,
  scaleService,
  templateFields,
  configFile,
  composeStack,
  rollingUpdate,
  rollBack,
  healthCheck,
  restartPolicy,
  limitsAndReservations,
  pendingTask,
  drainNode,
  pauseNode,
  drainedByMistake,
  spreadOverZones,
  constraintByLabel,
  replaceAManager,
  saveAndLoad,
  imageByDigest,
  buildImage,
  multiStageBuild,
  addressOfANode,
  leaveTheSwarm,
  logRotation,
  overlayNetwork,
  dnsRoundRobin,
  namesWithinANetwork,
  hostPort,
  secretFile,
  replaceSecret,
  leakedToken,
  certificateLifetime,
  autolockOn,
  rotateTheCa,
  volumeOfANode,
  tmpfsAndReadOnly,
];

/** The exercise of a name. Throws a UserError that names those there are. */
export function exerciseNamed(name: string): Exercise {
  const found = EXERCISES.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = EXERCISES.map((one) => one.name).join(", ");
  throw new UserError(`practice: got exercise ${JSON.stringify(name)}, need one of ${names}`);
}
