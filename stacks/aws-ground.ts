import { refuse } from "../components/errors.ts";
import type { AwsWish } from "../components/nodes/aws/account-facts.ts";
import { isBucketThere } from "../components/nodes/aws/bucket-look.ts";
import { describeEstimate, estimate } from "../components/nodes/aws/estimate.ts";
import { accountProblems, accountWarnings } from "../components/nodes/aws/judge.ts";
import { expiryWarning, type Lifetime, lifetimeOf } from "../components/nodes/aws/lifetime.ts";
import { lookAtAccount } from "../components/nodes/aws/look.ts";
import type { Placement } from "../components/nodes/aws/placement.ts";
import { priceTable } from "../components/nodes/aws/prices.ts";
import { requireTools } from "../components/nodes/aws/tools.ts";
import { awsRecord } from "../scripts/cli/aws-record.ts";
import { readState } from "../scripts/cli/state.ts";
import { registryBucketOf } from "./aws-registry.ts";
import { wishOf } from "./aws-wish.ts";
import { milliseconds } from "./config/duration.ts";
import type { LabConfig } from "./config/resolved.ts";

/** What is known of a lab on AWS before anything of it is made. */
export interface AwsGround {
  readonly placement: Placement;
  readonly lifetime: Lifetime;
  /** Whether the bucket for backups is this stack's, made by it or still to be made; one that was there is used as it is. */
  readonly ownsBucket: boolean;
  /** Name of the bucket of the registry's images; absent: they are on a volume. */
  readonly registryBucket?: string;
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

/**
 * Whether the bucket is the stack's own. One that is there without being on its record is a lab's that is gone, or the
 * user's: its backups are the reason why it stayed, and nothing of it is changed.
 */
async function ownsBucket({ aws }: LabConfig, region: string, recorded: readonly string[]) {
  if (aws.bucket === undefined) return false;
  const { name } = aws.bucket;
  return (
    recorded.includes(name) || !(await isBucketThere(name, { region, purpose: "the preflight" }))
  );
}

/** The preflight of provider aws. It says what the lab costs. Throws a UserError before anything is made. */
export async function prepareAws(
  config: LabConfig,
  { stack, report, now }: AwsPreparation,
): Promise<AwsGround> {
  const { aws } = config;
  await requireTools(aws.ssh);
  const wish = wishOf(config);
  const { placement, instanceType, spot, balanced } = wish;
  const { region } = placement;
  const record = awsRecord(await readState(stack));
  const { begun, nodes: made, buckets } = record;
  const lifetime = lifetimeOf(begun, now, milliseconds(aws.lifetime));
  const expired = expiryWarning(lifetime, aws.lifetime, now);
  const found = await judgeAccount(config.lab, wish, made);
  const owns = await ownsBucket(config, region, buckets);
  const registryBucket = await registryBucketOf(config, region, record);
  if (aws.bucket && !owns)
    report(`the bucket ${aws.bucket.name} is there already, and is used as it is`);
  const prices = priceTable(aws.prices);
  const balancedZones = balanced ? placement.subnets.length : 0;
  const { nodes } = placement;
  const cost = estimate({ nodes, instanceType, diskGib: aws.diskGib, spot, balancedZones, prices });
  for (const line of describeEstimate(cost)) report(line);
  report(`the lab is meant to live until ${lifetime.expires}; nothing ends it by itself`);
  return {
    placement,
    lifetime,
    ownsBucket: owns,
    ...(registryBucket === undefined ? {} : { registryBucket }),
    warnings: [...(expired === undefined ? [] : [expired]), ...found],
  };
}
