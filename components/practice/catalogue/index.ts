import { UserError } from "../../errors.ts";
import type { Exercise } from "../exercise.ts";
import { addressOfANode } from "./address-of-a-node.ts";
import { advertiseAddress } from "./advertise-address.ts";
import { autolockOn } from "./autolock-on.ts";
import { buildImage } from "./build-image.ts";
import { certificateLifetime } from "./certificate-lifetime.ts";
import { composeStack } from "./compose-stack.ts";
import { composeUpdate } from "./compose-update.ts";
import { configFile } from "./config-file.ts";
import { constraintByLabel } from "./constraint-by-label.ts";
import { deleteFromARegistry } from "./delete-from-a-registry.ts";
import { diskSpace } from "./disk-space.ts";
import { dnsRoundRobin } from "./dns-round-robin.ts";
import { drainNode } from "./drain-node.ts";
import { drainedByMistake } from "./drained-by-mistake.ts";
import { engineFacts } from "./engine-facts.ts";
import { engineLabel } from "./engine-label.ts";
import { engineWithTls } from "./engine-with-tls.ts";
import { exitCodeFromEvents } from "./exit-code-from-events.ts";
import { globalService } from "./global-service.ts";
import { healthCheck } from "./health-check.ts";
import { hostPort } from "./host-port.ts";
import { imageByDigest } from "./image-by-digest.ts";
import { joinTheSwarm } from "./join-the-swarm.ts";
import { leakedToken } from "./leaked-token.ts";
import { leaveTheSwarm } from "./leave-the-swarm.ts";
import { limitsAndReservations } from "./limits-and-reservations.ts";
import { lockedManager } from "./locked-manager.ts";
import { logRotation } from "./log-rotation.ts";
import { lostQuorum } from "./lost-quorum.ts";
import { managersOverSites } from "./managers-over-sites.ts";
import { multiStageBuild } from "./multi-stage-build.ts";
import { namesWithinANetwork } from "./names-within-a-network.ts";
import { overlayNetwork } from "./overlay-network.ts";
import { pauseNode } from "./pause-node.ts";
import { pausedUpdate } from "./paused-update.ts";
import { pendingTask } from "./pending-task.ts";
import { pushToARegistry } from "./push-to-a-registry.ts";
import { quorumOfFive } from "./quorum-of-five.ts";
import { registryCertificate } from "./registry-certificate.ts";
import { registryLogin } from "./registry-login.ts";
import { registryMirror } from "./registry-mirror.ts";
import { removeALostNode } from "./remove-a-lost-node.ts";
import { replaceAManager } from "./replace-a-manager.ts";
import { replaceSecret } from "./replace-secret.ts";
import { replicatedService } from "./replicated-service.ts";
import { restartPolicy } from "./restart-policy.ts";
import { rollBack } from "./roll-back.ts";
import { rollingUpdate } from "./rolling-update.ts";
import { rotateTheCa } from "./rotate-the-ca.ts";
import { routerByHost } from "./router-by-host.ts";
import { saveAndLoad } from "./save-and-load.ts";
import { scaleService } from "./scale-service.ts";
import { secretFile } from "./secret-file.ts";
import { sharedVolume } from "./shared-volume.ts";
import { spreadOverZones } from "./spread-over-zones.ts";
import { templateFields } from "./template-fields.ts";
import { tmpfsAndReadOnly } from "./tmpfs-and-read-only.ts";
import { volumeOfANode } from "./volume-of-a-node.ts";
import { whatTheLogSays } from "./what-the-log-says.ts";

/** All exercises, by domain and from easy to hard. */
export const EXERCISES: readonly Exercise[] = [
  replicatedService,
  globalService,
  scaleService,
  whatTheLogSays,
  templateFields,
  configFile,
  composeStack,
  composeUpdate,
  rollingUpdate,
  rollBack,
  pausedUpdate,
  healthCheck,
  restartPolicy,
  limitsAndReservations,
  pendingTask,
  drainNode,
  pauseNode,
  drainedByMistake,
  spreadOverZones,
  constraintByLabel,
  quorumOfFive,
  managersOverSites,
  replaceAManager,
  removeALostNode,
  lostQuorum,
  saveAndLoad,
  imageByDigest,
  pushToARegistry,
  registryMirror,
  buildImage,
  multiStageBuild,
  deleteFromARegistry,
  addressOfANode,
  engineFacts,
  exitCodeFromEvents,
  leaveTheSwarm,
  joinTheSwarm,
  advertiseAddress,
  logRotation,
  engineLabel,
  overlayNetwork,
  dnsRoundRobin,
  namesWithinANetwork,
  hostPort,
  routerByHost,
  secretFile,
  replaceSecret,
  leakedToken,
  registryLogin,
  registryCertificate,
  certificateLifetime,
  autolockOn,
  lockedManager,
  rotateTheCa,
  engineWithTls,
  volumeOfANode,
  sharedVolume,
  tmpfsAndReadOnly,
  diskSpace,
];

/** The exercise of a name. Throws a UserError that names those there are. */
export function exerciseNamed(name: string): Exercise {
  const found = EXERCISES.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = EXERCISES.map((one) => one.name).join(", ");
  throw new UserError(`practice: got exercise ${JSON.stringify(name)}, need one of ${names}`);
}
