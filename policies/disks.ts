import type { Problem } from "../components/errors.ts";
import { type PolicyResource, type ResourcePolicy, UNKNOWN } from "./policy.ts";
import { at, elements, plain } from "./reading.ts";

interface Disk {
  readonly where: string;
  readonly encrypted: unknown;
}

/** The disks of a launch template; where it has none its image decides, and Debian's is not encrypted. */
function disksOfTemplate({ name, inputs }: PolicyResource): Disk[] {
  if (plain(inputs.blockDeviceMappings) === UNKNOWN) return [];
  const disks = elements(inputs.blockDeviceMappings).flatMap((each, index) => {
    const ebs = at(each, "ebs");
    const where = `${name}.blockDeviceMappings[${index}]`;
    // Without it is a disk of the host's own, or none.
    return ebs === undefined ? [] : [{ where, encrypted: at(ebs, "encrypted") }];
  });
  return disks.length > 0 ? disks : [{ where: name, encrypted: undefined }];
}

function disksOf({ type, name, inputs }: PolicyResource): Disk[] {
  if (type === "aws:ebs/volume:Volume")
    return [{ where: name, encrypted: plain(inputs.encrypted) }];
  if (!/^aws:ec2\/(spotInstanceRequest|instance):/.test(type)) return [];
  const root = at(inputs, "rootBlockDevice");
  const more = elements(inputs.ebsBlockDevices).map((each, index) => ({
    where: `${name}.ebsBlockDevices[${index}]`,
    encrypted: at(each, "encrypted"),
  }));
  return [{ where: `${name}.rootBlockDevice`, encrypted: at(root, "encrypted") }, ...more];
}

function problem({ where, encrypted }: Disk): Problem {
  const got = encrypted === undefined ? "no word of encryption" : `encrypted: ${String(encrypted)}`;
  const need = "encrypted: true, as a manager's disk holds the keys of the swarm";
  return { where, got, need, fix: "set encrypted to true on this disk" };
}

/** A launch template has it as a text. */
const GOOD: readonly unknown[] = [true, "true", UNKNOWN];

/** A node's disk holds the Raft log with its key, certificates and images; a snapshot of it is a copy of all that. */
export const encryptedDisks: ResourcePolicy = {
  name: "encrypted-disks",
  description: "Every EBS disk is encrypted.",
  level: "mandatory",
  judge(resource) {
    const isTemplate = resource.type === "aws:ec2/launchTemplate:LaunchTemplate";
    const disks = isTemplate ? disksOfTemplate(resource) : disksOf(resource);
    return disks.filter(({ encrypted }) => !GOOD.includes(encrypted)).map(problem);
  },
};
