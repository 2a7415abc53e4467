import { LABEL_LAB } from "../../components/labels.ts";
import { confirmGone } from "./aws-leftovers.ts";
import { liftProtection } from "./aws-protection.ts";
import { awsRecord, configuredAws } from "./aws-record.ts";
import type { Ending, SeenState } from "./ending.ts";
import { labName } from "./paths.ts";

/** The end of a lab on AWS: in every region that is on record or asked for. Undefined where there is none. */
export function awsEnding(stack: string, state: SeenState): Ending | undefined {
  const { regions, accounts, guarded } = awsRecord(state === "unreadable" ? undefined : state);
  const asked = configuredAws(stack);
  const region = asked?.region;
  const all = [...new Set([...regions, ...(region === undefined ? [] : [region])])];
  if (all.length === 0) return undefined;
  const lab = labName(stack);
  const sites = all.map((each) => ({ lab, region: each, accounts }));
  return {
    configured: asked !== undefined,
    // AWS takes minutes to end instances, and says nothing meanwhile.
    slow: true,
    prepare: (say) => liftProtection(guarded, { wanted: asked?.protected === true, say }),
    // Nothing is deleted by its tag alone: what is not on record may be somebody's who took the tag over.
    release: async () => undefined,
    async confirm(destroyed, say) {
      for (const site of sites) await confirmGone(site, { destroyed, say });
      return all.map((each) => `nothing tagged ${LABEL_LAB}=${lab} remains on AWS in ${each}`);
    },
  };
}
