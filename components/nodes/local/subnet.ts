import type { Problem } from "../../errors.ts";
import { overlaps, subnetCandidates } from "../plan.ts";
import type { LocalWish } from "./settle.ts";
import type { Survey } from "./survey.ts";

interface Taken {
  readonly by: string;
  readonly cidr: string;
}

/** What others than the lab's own network have. */
function takenOn(seen: Survey, lab: string, own: string | undefined): Taken[] {
  const foreign = seen.networks.filter((network) => network.lab !== lab);
  const mine = (cidr: string) => own !== undefined && overlaps(cidr, own);
  return [
    ...foreign.flatMap(({ name, subnets }) =>
      subnets
        .filter((cidr) => !cidr.includes(":"))
        .map((cidr) => ({ by: `network ${name}`, cidr })),
    ),
    ...seen.interfaces.filter((cidr) => !mine(cidr)).map((cidr) => ({ by: "the machine", cidr })),
  ];
}

const problemOf = (rest: Omit<Problem, "where">): Problem => ({
  where: "swarm-lab:network.subnet",
  ...rest,
});

/** The lab's own subnet, where it stands already: what is used inside the swarm must not have come to lie in it. */
function standing(subnet: string, wish: LocalWish): { subnet: string; problem?: Problem } {
  const inside = wish.avoid.find((cidr) => overlaps(cidr, subnet));
  if (inside === undefined) return { subnet };
  const problem = {
    where: "swarm-lab:network",
    got: `${inside} for use inside the swarm, which overlaps ${subnet} of this lab's nodes`,
    need: "subnets apart",
    fix: "choose another one",
  };
  return { subnet, problem };
}

/** The first candidate that nobody has. */
function free(taken: readonly Taken[], wish: LocalWish): { subnet: string; problem?: Problem } {
  const used = [...taken, ...wish.avoid.map((cidr) => ({ by: "the swarm inside", cidr }))];
  const cidrs = used.map(({ cidr }) => cidr);
  for (const subnet of subnetCandidates(wish.lab, cidrs)) return { subnet };
  const [wanted = ""] = subnetCandidates(wish.lab);
  const clash = used.find(({ cidr }) => overlaps(cidr, wanted));
  const problem = problemOf({
    got: `auto, and no /24 from 10.210.0.0 to 10.249.255.255 is free (${wanted}: ${clash?.cidr} of ${clash?.by})`,
    need: "a subnet that nothing on this machine uses",
    fix: "give one",
  });
  return { subnet: wanted, problem };
}

/**
 * The subnet to use: the one asked for, the lab's own where it stands already, else the first that is free. A standing
 * lab cannot move: a swarm finds its managers only where they were.
 */
export function settleSubnet(seen: Survey, wish: LocalWish): { subnet: string; problem?: Problem } {
  const own = seen.networks.find(({ lab }) => lab === wish.lab)?.subnets[0];
  const { subnet } = wish;
  const taken = takenOn(seen, wish.lab, own);
  if (subnet === "auto") return own === undefined ? free(taken, wish) : standing(own, wish);
  if (own !== undefined && own !== subnet) {
    const problem = problemOf({
      got: subnet,
      need: `${own}, in which this lab stands: its nodes keep their addresses`,
      fix: "set it back, or npm run down and up again",
    });
    return { subnet, problem };
  }
  const clash = taken.find(({ cidr }) => overlaps(cidr, subnet));
  if (clash === undefined) return { subnet };
  const problem = problemOf({
    got: `${subnet}, which overlaps ${clash.cidr} of ${clash.by}`,
    need: "a subnet that nothing on this machine uses",
    fix: "choose another one, or set it to auto",
  });
  return { subnet, problem };
}
