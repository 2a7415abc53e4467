import type { Findings, NodeStatus, Status } from "./status-model.ts";

/** How a lab is, in one word, and what a person should know and do. */
export interface Assessment {
  readonly state: "down" | "half-built" | "stopped" | "no quorum" | "degraded" | "whole";
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
  readonly advice: string | undefined;
}

const names = (nodes: readonly NodeStatus[]) => nodes.map((node) => node.name).join(", ");

function nodeProblems(nodes: readonly NodeStatus[]): string[] {
  const states = new Set(nodes.map((node) => node.state).filter((state) => state !== "Ready"));
  const sick = [...states].map((state) => {
    const those = nodes.filter((node) => node.state === state);
    return `${names(those)} ${those.length === 1 ? "is" : "are"} ${state}`;
  });
  const deaf = nodes.filter(
    (node) => node.state === "Ready" && node.managerStatus === "Unreachable",
  );
  return deaf.length === 0 ? sick : [...sick, `${names(deaf)} cannot be reached by the leader`];
}

/** Judges the lab. Nothing is called whole that was not seen to be so. */
export function assess(findings: Findings, status: Status): Assessment {
  const { lab, description, resources, containers, view } = findings;
  const { nodes, services } = status;
  if (description === undefined && containers.length === 0 && !resources) {
    return { state: "down", problems: [], advice: "`npm run up` makes it" };
  }
  if (description === undefined) {
    const made = nodes.length === 0 ? "no node" : names(nodes);
    const problems = [`lab ${lab} was never finished: there is ${made}`];
    return {
      state: "half-built",
      problems,
      advice: "`npm run up` goes on, `npm run down` removes it",
    };
  }
  const problems = nodeProblems(nodes);
  const { gateway } = description;
  const entrance = containers.find((container) => container.name === gateway.container);
  if (gateway.container !== undefined && entrance?.state !== "running") {
    problems.push(`the gateway is ${entrance === undefined ? "missing" : entrance.state}`);
  }
  if (nodes.every((node) => node.state === "Missing")) {
    return { state: "down", problems, advice: "`npm run up` makes it anew" };
  }
  if (nodes.every((node) => node.state === "Stopped" || node.state === "Missing")) {
    const advice = nodes.some((node) => node.state === "Missing") ? "up" : "start";
    return { state: "stopped", problems, advice: `\`npm run ${advice}\` brings it back` };
  }
  if (Array.isArray(view)) {
    const reasons = view.length === 0 ? ["no manager's machine runs"] : view;
    return {
      state: "no quorum",
      problems: [...problems, ...reasons.map((reason) => `no quorum: ${reason}`)],
      advice: "`npm run up` starts what is stopped",
    };
  }
  for (const { name, running, desired } of services) {
    if (running < desired) problems.push(`service ${name} runs ${running} of ${desired}`);
  }
  if (problems.length === 0) return { state: "whole", problems, advice: undefined };
  return { state: "degraded", problems, advice: "`npm run up` repairs it" };
}
