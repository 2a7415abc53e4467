import {
  type Policies,
  PolicyPack,
  type ReportViolation,
  type PolicyResource as StackResource,
} from "@pulumi/policy";
import { describeProblem } from "../components/errors.ts";
import { RESOURCE_POLICIES, STACK_POLICIES } from "./all.ts";
import { resourceOf } from "./engine.ts";
import type { PolicyResource, StackProblem } from "./policy.ts";

/**
 * The resources of this preview with the marks of secrets. The engine tells of marks in one call alone: the one before a
 * resource is judged, in which a pack may mend it. This one only looks.
 */
const marked = new Map<string, PolicyResource>();

const say = (problems: readonly StackProblem[], report: ReportViolation) => {
  for (const problem of problems) report(describeProblem(problem), problem.urn);
};

const referencesOf = ({ propertyDependencies }: StackResource) =>
  Object.fromEntries(
    Object.entries(propertyDependencies).map(([key, made]) => [key, made.map(({ urn }) => urn)]),
  );

const LOOK: Policies[number] = {
  name: "look",
  description: "Looks at what is marked as secret, and changes nothing.",
  enforcementLevel: "remediate",
  remediateResource: (args) => {
    marked.set(args.urn, resourceOf(args));
  },
};

const ofResources = RESOURCE_POLICIES.map(
  ({ name, description, level, judge }): Policies[number] => ({
    ...{ name, description, enforcementLevel: level },
    validateResource: (args, report) =>
      say(judge(marked.get(args.urn) ?? resourceOf(args)), report),
  }),
);

/** With marks, and with the references that are told of at the end. */
const whole = (resource: StackResource): PolicyResource => {
  const references = referencesOf(resource);
  const seen = marked.get(resource.urn);
  return seen === undefined ? resourceOf(resource, references) : { ...seen, references };
};

const ofStack = STACK_POLICIES.map(({ name, description, level, judgeAll }): Policies[number] => ({
  ...{ name, description, enforcementLevel: level },
  validateStack: ({ resources }, report) => say(judgeAll(resources.map(whole)), report),
}));

new PolicyPack("swarm-lab", { policies: [LOOK, ...ofResources, ...ofStack] });
