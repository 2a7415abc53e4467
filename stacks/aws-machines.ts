import { refuse } from "../components/errors.ts";
import type { AwsWish } from "../components/nodes/aws/account-facts.ts";
import { describeEstimate, estimate } from "../components/nodes/aws/estimate.ts";
import { accountProblems, accountWarnings } from "../components/nodes/aws/judge.ts";
import { expiryWarning, type Lifetime, lifetimeOf } from "../components/nodes/aws/lifetime.ts";
import { lookAtAccount } from "../components/nodes/aws/look.ts";
import { AwsNodes } from "../components/nodes/aws/nodes.ts";
import { type Placement, planPlacement } from "../components/nodes/aws/placement.ts";
import { priceTable } from "../components/nodes/aws/prices.ts";
import { awsRecord } from "../scripts/cli/aws-record.ts";
import { readState } from "../scripts/cli/state.ts";
import { milliseconds } from "./config/duration.ts";
import type { LabConfig } from "./config/resolved.ts";
import { refuseUnfinished } from "./unfinished.ts";

/** What is known of a lab on AWS before anything of it is made. */
export interface AwsGround {
  readonly placement: Placement;
  readonly lifetime: Lifetime;
  /** What a person should know although nothing is refused for it. */
  readonly warnings: readonly string[];
}

export interface AwsPreparation {
  /** The stack's name, as Pulumi finds it. */
  readonly stack: string;
  readonly report: (line: string) => void;
  /** Milliseconds, as Date.now() counts them. */
  readonly now: number;
}

/**
 * Whether the account can have the lab: a UserError with every reason why not, or what is to be known. Nobody is asked when
 * every node has its instance already: a dozen questions take seconds, and could stop nothing that stands.
 */
async function judgeAccount(lab: string, wish: AwsWish, made: readonly string[]) {
  if (wish.placement.nodes.every(({ name }) => made.includes(name))) return [];
  const facts = await lookAtAccount(lab, wish);
  const title = `the AWS account ${facts.account} cannot have this lab; nothing was changed`;
  refuse(title, accountProblems(facts, wish));
  return accountWarnings(facts, wish);
}

/** The preflight of provider aws. It says what the lab costs. Throws a UserError before anything is made. */
export async function prepareAws(
  config: LabConfig,
  { stack, report, now }: AwsPreparation,
): Promise<AwsGround> {
  refuseUnfinished("aws");
  const { aws, network } = config;
  const { region, instanceType, diskGib } = aws;
  if (region === undefined) throw new Error("a lab on AWS needs a region");
  const placement = planPlacement({ ...config, region, subnet: network.subnet });
  const { begun, nodes: made } = awsRecord(await readState(stack));
  const lifetime = lifetimeOf(begun, now, milliseconds(aws.lifetime));
  const expired = expiryWarning(lifetime, aws.lifetime, now);
  const spot = aws.workers === "spot";
  const found = await judgeAccount(config.lab, { placement, instanceType, spot }, made);
  const prices = priceTable(aws.prices);
  const cost = estimate({ nodes: placement.nodes, instanceType, diskGib, spot, prices });
  for (const line of describeEstimate(cost)) report(line);
  report(`the lab is meant to live until ${lifetime.expires}; nothing ends it by itself`);
  return { placement, lifetime, warnings: [...(expired === undefined ? [] : [expired]), ...found] };
}

/** What stands with provider aws so far: the machines, their network and what they may do, and no swarm on them. */
export function createAwsMachines(config: LabConfig, ground: AwsGround): AwsNodes {
  const { lab, aws, network, labels } = config;
  const { instanceType, diskGib, ssh } = aws;
  return new AwsNodes("nodes", {
    ...{
      lab,
      placement: ground.placement,
      lifetime: ground.lifetime,
      instanceType,
      diskGib,
      labels,
    },
    ...{
      spot: aws.workers === "spot",
      protected: aws.protected,
      dataPathPort: network.dataPathPort,
    },
    ...(ssh === undefined ? {} : { ssh }),
  });
}
