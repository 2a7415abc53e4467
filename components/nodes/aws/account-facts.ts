import type { OtherVpc, TypeFacts } from "./facts.ts";
import type { Placement } from "./placement.ts";
import type { QuotaName } from "./quotas.ts";

/** What was seen of an account in the lab's region. What is undefined was not seen, and nothing is refused for it. */
export interface AwsFacts {
  /** Its twelve figures. */
  readonly account: string;
  readonly zones?: readonly string[];
  /** Names of the zones that offer the type. */
  readonly offered?: readonly string[];
  /** Null: the region has no such type. */
  readonly type?: TypeFacts | null;
  /** Id of the newest image of Debian 13; null: Debian publishes none there. */
  readonly image?: string | null;
  readonly quotas: Readonly<Partial<Record<QuotaName, number>>>;
  /** What others than this lab use of the quotas. */
  readonly used: Readonly<Partial<Record<QuotaName, number>>>;
  readonly vpcs?: readonly OtherVpc[];
  /** Questions without an answer, such as `service-quotas get-service-quota`, and why there is none. */
  readonly unseen: Readonly<Record<string, string>>;
}

export interface AwsWish {
  readonly placement: Placement;
  readonly instanceType: string;
  /** Whether workers are spot instances. */
  readonly spot: boolean;
  /** Whether a load balancer is in front of it. */
  readonly balanced: boolean;
}
