import { z } from "zod";
import type { AwsFacts, AwsWish } from "./account-facts.ts";
import { isDenied } from "./account-problem.ts";
import { askAws, tryAws } from "./ask.ts";
import {
  offeredIn,
  othersAddresses,
  othersBalancers,
  othersVcpus,
  othersVpcs,
  parameterIn,
  quotaIn,
  typeIn,
  zonesIn,
} from "./facts.ts";
import { architectureOf, imageParameter } from "./machine-image.ts";
import { balancerName } from "./names.ts";
import { QUOTAS } from "./quotas.ts";

const purpose = "the preflight";

/** Codes by which AWS says that there is none of what was asked about. */
const NONE = ["ParameterNotFound", "NoSuchResourceException"];

/**
 * Looks at the account of the user's credentials, in the lab's region, and changes nothing: a dozen questions to the AWS
 * CLI, side by side. A UserError where there are no credentials or no way to AWS. What the credentials may not ask, or what
 * is answered in a way that is not known, is left out, and named.
 */
export async function lookAtAccount(lab: string, wish: AwsWish): Promise<AwsFacts> {
  const { placement, instanceType, balanced } = wish;
  const own = balancerName(lab, placement.region);
  const wanted = QUOTAS.filter(({ name }) => balanced || name !== "balancers");
  const question = { region: placement.region, purpose };
  const { Account: account } = (await askAws(["sts", "get-caller-identity"], question)) as {
    readonly Account: string;
  };
  const unseen: Record<string, string> = {};
  /** What `read` finds in the answer; null where AWS has none, undefined where it was not to be seen. */
  async function see<T>(words: readonly string[], read: (answer: unknown) => T) {
    const result = await tryAws(words, question);
    const name = words.slice(0, 2).join(" ");
    try {
      if ("answer" in result) return read(result.answer);
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      unseen[name] = "it reads another way than it used to";
      return undefined;
    }
    if (NONE.includes(result.refusal?.code ?? "")) return null;
    if (!isDenied(result.refusal)) throw result.error;
    unseen[name] = "the credentials may not ask it";
    return undefined;
  }
  const filter = (name: string, ...values: readonly string[]) => [
    "--filters",
    `Name=${name},Values=${values.join(",")}`,
  ];
  const [zones, offered, type, image, addresses, vpcs, vcpus, balancers, ...quotas] =
    await Promise.all([
      see(["ec2", "describe-availability-zones"], zonesIn),
      see(
        [
          ...["ec2", "describe-instance-type-offerings", "--location-type", "availability-zone"],
          ...filter("instance-type", instanceType),
        ],
        offeredIn,
      ),
      see(["ec2", "describe-instance-types", ...filter("instance-type", instanceType)], typeIn),
      see(
        ["ssm", "get-parameter", "--name", imageParameter(architectureOf(instanceType))],
        parameterIn,
      ),
      see(["ec2", "describe-addresses"], (answer) => othersAddresses(answer, lab)),
      see(["ec2", "describe-vpcs"], (answer) => othersVpcs(answer, lab)),
      see(
        ["ec2", "describe-instances", ...filter("instance-state-name", "pending", "running")],
        (answer) => othersVcpus(answer, lab),
      ),
      balanced
        ? see(["elbv2", "describe-load-balancers"], (answer) => othersBalancers(answer, own))
        : undefined,
      ...wanted.map(async ({ name, service, code }) => {
        const words = ["--service-code", service, "--quota-code", code];
        const value = await see(["service-quotas", "get-service-quota", ...words], quotaIn);
        // An account may have no value of its own where it never asked for one: AWS's default is not known here.
        return [name, value ?? undefined] as const;
      }),
    ]);
  return {
    account,
    ...(zones ? { zones } : {}),
    ...(offered ? { offered } : {}),
    ...(type === undefined ? {} : { type }),
    ...(image === undefined ? {} : { image }),
    ...(vpcs ? { vpcs } : {}),
    quotas: Object.fromEntries(quotas),
    used: {
      ...vcpus,
      ...(addresses ? { addresses } : {}),
      ...(vpcs ? { vpcs: vpcs.length } : {}),
      ...(balancers ? { balancers } : {}),
    },
    unseen,
  };
}
