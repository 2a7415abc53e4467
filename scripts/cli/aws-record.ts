import { TAG_BEGUN } from "../../components/nodes/aws/lifetime.ts";
import type { StackState } from "./state.ts";

/** What a state says of a lab on AWS, of one that is half built as well. All empty: there is none on record. */
export interface AwsRecord {
  readonly regions: readonly string[];
  /** The accounts, by their twelve figures, in which something was made. */
  readonly accounts: readonly string[];
  /** When the lab was begun, as its tags have it. */
  readonly begun: readonly string[];
}

const unique = (texts: readonly (string | undefined)[]): string[] =>
  [...new Set(texts.filter((text) => text !== undefined && text !== ""))] as string[];

const textAt = (from: Readonly<Record<string, unknown>> | undefined, key: string) => {
  const value = from?.[key];
  return typeof value === "string" ? value : undefined;
};

/** `arn:partition:service:region:account:...`; some, such as those of buckets, have no account. */
const accountIn = (arn: string | undefined) => arn?.split(":")[4];

export function awsRecord(state: StackState | undefined): AwsRecord {
  const { resources = [], pending = [] } = state ?? {};
  const all = [...resources, ...pending.map(({ resource }) => resource)];
  const made = all.filter(({ type }) => type.startsWith("aws:"));
  const providers = all.filter(({ type }) => type === "pulumi:providers:aws");
  const begun = made.map(({ inputs }) =>
    textAt(inputs?.tags as Readonly<Record<string, unknown>> | undefined, TAG_BEGUN),
  );
  return {
    regions: unique(providers.map(({ inputs }) => textAt(inputs, "region"))),
    accounts: unique(made.map(({ outputs }) => accountIn(textAt(outputs, "arn")))),
    begun: unique(begun),
  };
}
