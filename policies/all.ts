import { closedBuckets, encryptedBuckets } from "./buckets.ts";
import { encryptedDisks } from "./disks.ts";
import { pinnedImages, pinnedServiceImages } from "./images.ts";
import { labelled } from "./labels.ts";
import { closedPorts } from "./ports.ts";
import { enoughZones, managersOverZones, oddManagers } from "./quorum.ts";
import { leakedSecrets, plainTextSecrets } from "./secrets.ts";

/** What each resource is judged by as soon as the program asks for it. */
export const RESOURCE_POLICIES = [
  ...[closedPorts, encryptedDisks, pinnedImages, pinnedServiceImages],
  ...[plainTextSecrets, labelled],
];

/** What all of them are judged by at the end. */
export const STACK_POLICIES = [
  ...[oddManagers, managersOverZones, enoughZones],
  ...[encryptedBuckets, closedBuckets, leakedSecrets],
];
