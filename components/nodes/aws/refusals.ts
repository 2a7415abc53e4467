/** What AWS refuses while a lab is made, used or removed, by its code: each in words for the person whose lab it is. */
import { AGENT_REFUSALS } from "./agent-refusals.ts";
import { BUCKET_REFUSALS } from "./bucket-refusals.ts";
import { INSTANCE_REFUSALS } from "./instance-refusals.ts";
import { NETWORK_REFUSALS } from "./network-refusals.ts";
import { QUOTA_REFUSALS } from "./quota-refusals.ts";
import type { Tellers } from "./refusal-teller.ts";

export const REFUSALS: Tellers = {
  ...QUOTA_REFUSALS,
  ...INSTANCE_REFUSALS,
  ...NETWORK_REFUSALS,
  ...AGENT_REFUSALS,
  ...BUCKET_REFUSALS,
};
