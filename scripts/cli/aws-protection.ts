import { UserError } from "../../components/errors.ts";
import { askAws } from "../../components/nodes/aws/ask.ts";
import type { GuardedInstance } from "./aws-record.ts";
import type { Report } from "./report.ts";

export interface ProtectionWish {
  /** Whether the configuration asks for protection now. */
  readonly wanted: boolean;
  readonly say: Report;
}

/**
 * Lets instances be terminated that refuse it, as the lab is to go. Where the configuration still asks for their protection a
 * UserError says how to end that, and nothing is changed: whoever set it wants nobody to take the lab down by the way, and half
 * a lab would be worse than either.
 */
export async function liftProtection(
  guarded: readonly GuardedInstance[],
  { wanted, say }: ProtectionWish,
): Promise<void> {
  if (guarded.length === 0) return;
  const names = guarded.map(({ node }) => node).join(", ");
  if (wanted)
    throw new UserError(
      `down: swarm-lab:aws.protected: got true, which keeps AWS from terminating ${names}, need false before the lab goes; set it to false and run \`npm run down\` again; nothing was changed`,
    );
  for (const { region, id } of guarded)
    await askAws(
      ["ec2", "modify-instance-attribute", "--instance-id", id, "--no-disable-api-termination"],
      { region, purpose: "down" },
    );
  say(`AWS may terminate ${names} from now on, as swarm-lab:aws.protected is false`);
}
