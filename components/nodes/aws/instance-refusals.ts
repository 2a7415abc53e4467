/** What AWS refuses of an instance, by its code. */
import { AGAIN, said, type Teller, type Tellers } from "./refusal-teller.ts";

const INSTANCE_TYPE = "swarm-lab:aws.instanceType";

const notOffered: Teller = (refusal) => ({
  where: INSTANCE_TYPE,
  got: `${said(refusal, /instance type \(([\w.-]+)\)/, "a type")}, which ${said(refusal, /Availability Zone \(([\w-]+)\)/, "a zone of the lab")} does not offer`,
  need: `a type that every zone of the lab offers (this one: ${said(refusal, /choosing (.*?)\.?$/, "AWS does not say where")})`,
  fix: "choose another type, or leave that zone out of swarm-lab:zones",
});

const noneLeft: Teller = (refusal) => ({
  where: INSTANCE_TYPE,
  got: `${said(refusal, /sufficient ([\w.-]+) capacity/, "a type")}, of which AWS has none left in ${said(refusal, /you requested \(([\w-]+)\)/, "a zone of the lab")}`,
  need: "a type that is to be had there now",
  fix: `wait, as ${AGAIN}, or choose another type or zone`,
});

const noType: Teller = ({ message }) => ({
  where: INSTANCE_TYPE,
  got: `a type that AWS refuses (${message})`,
  need: "one that the region has and that the account may use",
  fix: "`aws ec2 describe-instance-types` lists them",
});

const noImage: Teller = ({ message }) => ({
  where: "the image of Debian 13",
  got: `none in the region (${message || "Debian has no parameter for it there"})`,
  need: "the one that Debian publishes for each region and architecture",
  fix: "choose another region in swarm-lab:aws.region",
});

/** EC2 has one code for wrong values of every kind. */
const badValue: Teller = (refusal) => {
  if (/InstanceType/i.test(refusal.message)) return noType(refusal);
  if (!/availabilityZone/i.test(refusal.message)) return undefined;
  return {
    where: "swarm-lab:zones",
    got: `${said(refusal, /Value \(([\w-]+)\)/, "a zone")}, where the account can have no subnet`,
    need: `zones among ${said(refusal, /zones: (.*?)\.?$/, "those that the region has")}`,
    fix: "choose among them, or another region in swarm-lab:aws.region",
  };
};

const locked: Teller = (refusal) => {
  if (!/terminat/i.test(refusal.message)) return undefined;
  return {
    where: "swarm-lab:aws.protected",
    got: `true when ${said(refusal, /instance '?(i-\w+)/, "an instance")} was made, which refuses to be terminated`,
    need: "false before the instance goes",
    fix: "set it to false, and then `npm run down`, or `npm run up` and this again",
  };
};

const noSpot: Teller = ({ message }) => ({
  where: "swarm-lab:aws.workers",
  got: `spot, of which AWS gives none now (${message})`,
  need: "spot instances that are to be had, or on-demand",
  fix: `wait, as ${AGAIN}, or set it to on-demand`,
});

export const INSTANCE_REFUSALS: Tellers = {
  Unsupported: notOffered,
  InsufficientInstanceCapacity: noneLeft,
  InvalidInstanceType: noType,
  InvalidParameterCombination: noType,
  InvalidParameterValue: badValue,
  "InvalidAMIID.NotFound": noImage,
  "InvalidAMIID.Unavailable": noImage,
  ParameterNotFound: noImage,
  OperationNotPermitted: locked,
  SpotMaxPriceTooLow: noSpot,
};
