/** Which machine image an instance starts from. */
export type Architecture = "amd64" | "arm64";

/**
 * The architecture of an instance type: those with AWS's own processors have a g after the figure of their generation
 * (t4g, m7gd, im4gn); the first family of them was a1.
 */
export function architectureOf(instanceType: string): Architecture {
  return /^(a1|[a-z]+\d+[a-z]*g[a-z]*)\./.test(instanceType) ? "arm64" : "amd64";
}

/**
 * The public SSM parameter in which Debian publishes the id of its newest image of Debian 13 in a region. Debian 13 as on
 * every other node of a lab: a swarm is restored only onto the engine version that it was backed up from.
 */
export const imageParameter = (architecture: Architecture): string =>
  `/aws/service/debian/release/13/latest/${architecture}`;
