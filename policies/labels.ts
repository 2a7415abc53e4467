import { LABEL_LAB } from "../components/labels.ts";
import { labelsOf } from "./nodes-of.ts";
import { type PolicyResource, type ResourcePolicy, UNKNOWN } from "./policy.ts";
import { at, elements, plain } from "./reading.ts";

/** What of Docker takes labels. */
const LABELLED = /^docker:index\/(container|network|volume|service|secret|serviceConfig):/;

/** What of AWS takes no tags: parts of something else, which has them, and the settings of a bucket. */
const UNTAGGED: readonly RegExp[] = [
  /^aws:ec2\/(route|routeTableAssociation|securityGroupRule|networkInterfaceAttachment|volumeAttachment|eipAssociation|subnetCidrReservation):/i,
  /^aws:iam\/\w*policy(Attachment)?:/i,
  /^aws:lb\/targetGroupAttachment:/,
  /^aws:s3\/bucket(?!(V2|Object|Objectv2|ObjectCopy)?:)/,
];

/** The name of the input that says whose the resource is, for those that have one. */
function carrier({ type }: PolicyResource): "tags" | "labels" | undefined {
  if (LABELLED.test(type)) return "labels";
  if (!type.startsWith("aws:")) return undefined;
  // A managed policy has tags of its own, unlike one that is a part of its role.
  if (type === "aws:iam/policy:Policy") return "tags";
  return UNTAGGED.some((each) => each.test(type)) ? undefined : "tags";
}

/** Whether the label may be among what is not known yet. */
function mayCome({ inputs }: PolicyResource): boolean {
  const carriers = [plain(inputs.tags), plain(inputs.labels), at(inputs, "tags", LABEL_LAB)];
  const values = elements(inputs.labels)
    .filter((each) => [LABEL_LAB, UNKNOWN].includes(at(each, "label") as string))
    .map((each) => at(each, "value"));
  return [...carriers, ...values].includes(UNKNOWN);
}

/** `down`, the finder of leftovers and a person with a bill know by this what belongs to which lab. */
export const labelled: ResourcePolicy = {
  name: "labelled",
  description: `Everything that takes labels or tags has ${LABEL_LAB}.`,
  level: "mandatory",
  judge(resource) {
    const key = carrier(resource);
    if (key === undefined || labelsOf(resource)[LABEL_LAB] || mayCome(resource)) return [];
    const got = resource.inputs[key] === undefined ? `no ${key}` : `${key} without ${LABEL_LAB}`;
    const helper = key === "tags" ? "tagsOf" : "labelList(ownershipLabels(...))";
    const fix = `give it ${helper} of the lab`;
    return [{ where: resource.name, got, need: `${LABEL_LAB} with the lab's name`, fix }];
  },
};
