import { describeProblem } from "../../components/errors.ts";
import { RESOURCE_POLICIES, STACK_POLICIES } from "../../policies/all.ts";
import type { PolicyResource } from "../../policies/policy.ts";
import { readValue } from "../../policies/reading.ts";
import { isSecret, UNKNOWN } from "./properties.ts";
import type { Recording } from "./recording.ts";

const WIRE = {
  secret: (value: unknown) => (isSecret(value) ? value : undefined),
  isUnknown: (value: unknown) => value === UNKNOWN,
};

/** What a program registered, as the policies take it. */
export const policyResources = ({ all }: Recording): PolicyResource[] =>
  all.map(({ urn, type, name, wire, options }) => ({
    ...{ urn, type, name, references: options.propertyDependencies },
    inputs: readValue(wire, WIRE) as PolicyResource["inputs"],
  }));

/** Everything that the pack says of these resources, each with its policy and level. */
export function judged(resources: readonly PolicyResource[]): string[] {
  const said = [
    ...RESOURCE_POLICIES.map((policy) => ({ policy, problems: resources.flatMap(policy.judge) })),
    ...STACK_POLICIES.map((policy) => ({ policy, problems: policy.judgeAll(resources) })),
  ];
  return said.flatMap(({ policy: { name, level }, problems }) =>
    problems.map((problem) => `[${level}] ${name}: ${describeProblem(problem)}`),
  );
}
