import type { Problem } from "../../components/errors.ts";

/** Host names have at most 63 characters, and the longest of a lab is `swarm-lab-<lab>-gateway`. */
const LONGEST = 63 - "swarm-lab-".length - "-gateway".length;

/** What keeps the stack's name from naming a lab, or nothing. */
export function labNameProblem(stack: string): Problem | undefined {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(stack) && stack.length <= LONGEST) return undefined;
  return {
    where: "the stack's name",
    got: JSON.stringify(stack),
    need: `lower-case letters, digits and hyphens, at most ${LONGEST} characters, beginning and ending with a letter or digit, as host names are made of it`,
    fix: "choose another with `pulumi stack rename` or `pulumi stack init`",
  };
}
