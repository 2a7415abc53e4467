/** What AWS's Systems Manager refuses of an instance, by its code: there the way to a node begins. */
import { said, type Teller, type Tellers } from "./refusal-teller.ts";

/** Systems Manager has one code for an instance that it does not know yet, and for one that it never will. */
const notManaged: Teller = (refusal) => ({
  where: "an instance's agent of Systems Manager",
  got: `none on ${said(refusal, /(i-[0-9a-f]+)/, "an instance")} that AWS hears`,
  need: "it, some minutes after the instance started",
  fix: "wait, and look at the instance's system log in EC2's console: cloud-init installs it there",
});

export const AGENT_REFUSALS: Tellers = {
  InvalidInstanceId: notManaged,
  TargetNotConnected: notManaged,
};
