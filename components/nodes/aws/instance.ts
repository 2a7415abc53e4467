import { z } from "zod";
import { describeProblem, UserError } from "../../errors.ts";
import { LABEL_LAB, LABEL_NODE } from "../../labels.ts";
import { askAws } from "./ask.ts";
import type { InstancePlace } from "./instance-options.ts";

/** An instance that is there for a node. */
export interface FoundInstance {
  readonly id: string;
  /** Absent as long as its Elastic IP address is not its. */
  readonly publicAddress?: string;
}

const Instances = z.object({
  Reservations: z.array(
    z.object({
      Instances: z.array(
        z.object({ InstanceId: z.string(), PublicIpAddress: z.string().optional() }),
      ),
    }),
  ),
});

/** Reads the answer to `ec2 describe-instances` about one node. A UserError where there is none, or more than one. Pure. */
export function instanceIn(answer: unknown, { region, node }: InstancePlace): FoundInstance {
  const found = Instances.parse(answer).Reservations.flatMap((each) => each.Instances);
  const [instance, second] = found;
  if (instance !== undefined && second === undefined) {
    const { InstanceId: id, PublicIpAddress: publicAddress } = instance;
    return { id, ...(publicAddress === undefined ? {} : { publicAddress }) };
  }
  const ids = found.map(({ InstanceId }) => InstanceId).join(" and ");
  const got = ids === "" ? `no instance that runs in ${region}` : `${ids} in ${region}`;
  throw new UserError(
    describeProblem({
      ...{ where: node, got, need: `one that is tagged ${LABEL_NODE}=${node}` },
      fix:
        ids === ""
          ? "`npm run up` makes it; one that was stopped, EC2's console starts"
          : "whoever tagged the other one so has to take that back",
    }),
  );
}

/** The instance of a node that is on, by its tags. A UserError where there is not exactly one, or AWS does not answer. */
export async function findInstance(place: InstancePlace): Promise<FoundInstance> {
  const { region, lab, node } = place;
  const filters = [
    `Name=tag:${LABEL_LAB},Values=${lab}`,
    `Name=tag:${LABEL_NODE},Values=${node}`,
    "Name=instance-state-name,Values=pending,running",
  ];
  const words = ["ec2", "describe-instances", "--filters", ...filters];
  return instanceIn(await askAws(words, { region, purpose: node }), place);
}
