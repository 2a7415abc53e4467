import { Secret, UnknownValueError, unknownCheckingProxy } from "@pulumi/policy";
import type { PolicyResource } from "./policy.ts";
import { readValue, type Wire } from "./reading.ts";

/** What the SDK hands to a policy, as far as it is read here. */
interface Given {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
}

interface Proxied {
  readonly __isSpecialProxy?: boolean;
  readonly __getSpecialProxyTarget?: Readonly<Record<string, unknown>>;
}

/** The SDK says of an unknown only when it is read: by an error, which would end the whole judgement. */
function isUnknown(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    return unknownCheckingProxy({ value }).value === undefined;
  } catch (error) {
    if (error instanceof UnknownValueError) return true;
    throw error;
  }
}

const WIRE: Wire = {
  secret: (value) => (value instanceof Secret ? { value: value.value } : undefined),
  isUnknown,
};

/**
 * The inputs beneath the SDK's proxies, which take marks off and throw at unknowns. Throws where they are built in another
 * way: policies that see no marks would complain of every secret.
 */
function beneath(props: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let here = props;
  let proxies = 0;
  while ((here as Proxied).__isSpecialProxy) {
    here = (here as Proxied).__getSpecialProxyTarget ?? here;
    if (++proxies > 4) break;
  }
  if (proxies === 0 || proxies > 4)
    throw new Error(
      "@pulumi/policy hands out inputs in another way than 1.21.0 did: see engine.ts",
    );
  return here;
}

/** A resource as the pure policies take it; `references` is what the engine tells of a whole stack alone. */
export function resourceOf(
  { urn, type, name, props }: Given,
  references: PolicyResource["references"] = {},
): PolicyResource {
  const inputs = readValue(beneath(props), WIRE) as PolicyResource["inputs"];
  return { urn, type, name, inputs, references };
}
