import type { Problem } from "../components/errors.ts";
import type { PolicyResource, ResourcePolicy } from "./policy.ts";
import { UNKNOWN } from "./policy.ts";
import { at, elements, plain } from "./reading.ts";

interface Disk {
  readonly where: string;
  readonly encrypted: unknown;
}

/** Lists of disks in an instance or a launch template; an ephemeral disk of the host is no EBS disk. */
const LISTS = ["rootBlockDevices", "ebsBlockDevices"];

function disksOf({ type, name, inputs }: PolicyResource): Disk[] {
  if (type === "aws:ebs/volume:Volume")
    return [{ where: name, encrypted: plain(inputs.encrypted) }];
  if (type === "aws:ec2/launchTemplate:LaunchTemplate")
    return elements(inputs.blockDeviceMappings).map((each, index) => ({
      where: `${name}.blockDeviceMappings[${index}]`,
      encrypted: at(each, "ebs", "encrypted"),
    }));
  if (!/^aws:ec2\/(spotInstanceRequest|instance):/.test(type)) return [];
  const root = {
    where: `${name}.rootBlockDevice`,
    encrypted: at(inputs, "rootBlockDevice", "encrypted"),
  };
  const more = LISTS.flatMap((list) =>
    elements(inputs[list]).map((each, index) => ({
      where: `${name}.${list}[${index}]`,
      encrypted: at(each, "encrypted"),
    })),
  );
  return [root, ...more];
}

function problem({ where, encrypted }: Disk): Problem {
  const got = encrypted === undefined ? "no word of encryption" : `encrypted: ${String(encrypted)}`;
  const need = "encrypted: true, as a manager's disk holds the keys of the swarm";
  return { where, got, need, fix: "set encrypted to true on this disk" };
}

/** A node's disk holds the Raft log with its key, certificates and images; a snapshot of it is a copy of all that. */
export const encryptedDisks: ResourcePolicy = {
  name: "encrypted-disks",
  description: "Every EBS disk is encrypted.",
  level: "mandatory",
  judge: (resource) =>
    disksOf(resource)
      .filter(({ encrypted }) => encrypted !== true && encrypted !== UNKNOWN)
      .map(problem),
};
