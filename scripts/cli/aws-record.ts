import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { LABEL_NODE } from "../../components/labels.ts";
import { TAG_BEGUN } from "../../components/nodes/aws/lifetime.ts";
import { TAG_KEPT } from "../../components/nodes/aws/tags.ts";
import { PROJECT, stackConfigFile } from "./paths.ts";
import type { StackState, StateResource } from "./state.ts";

/** What a state says of a lab on AWS, of one that is half built as well. All empty: there is none on record. */
export interface AwsRecord {
  readonly regions: readonly string[];
  /** The accounts, by their twelve figures, in which something was made. */
  readonly accounts: readonly string[];
  /** When the lab was begun, as its tags have it. */
  readonly begun: readonly string[];
  /** The nodes that have an instance. */
  readonly nodes: readonly string[];
  readonly buckets: readonly string[];
  /** Those of them that go with the lab. */
  readonly passing: readonly string[];
}

const unique = (texts: readonly (string | undefined)[]): string[] =>
  [...new Set(texts.filter((text) => text !== undefined && text !== ""))] as string[];

const textAt = (from: Readonly<Record<string, unknown>> | undefined, key: string) => {
  const value = from?.[key];
  return typeof value === "string" ? value : undefined;
};

const tagOf = ({ inputs }: StateResource, key: string) =>
  textAt(inputs?.tags as Readonly<Record<string, unknown>> | undefined, key);

const namesOf = (buckets: readonly StateResource[]) =>
  unique(buckets.map(({ inputs }) => textAt(inputs, "bucket")));

/** `arn:partition:service:region:account:...`; some, such as those of buckets, have no account. */
const accountIn = (arn: string | undefined) => arn?.split(":")[4];

export function awsRecord(state: StackState | undefined): AwsRecord {
  const { resources = [], pending = [] } = state ?? {};
  const all = [...resources, ...pending.map(({ resource }) => resource)];
  const made = all.filter(({ type }) => type.startsWith("aws:"));
  const providers = all.filter(({ type }) => type === "pulumi:providers:aws");
  const buckets = resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
  const instances = resources.filter(({ type }) => type === "aws:ec2/instance:Instance");
  return {
    regions: unique(providers.map(({ inputs }) => textAt(inputs, "region"))),
    accounts: unique(made.map(({ outputs }) => accountIn(textAt(outputs, "arn")))),
    begun: unique(made.map((each) => tagOf(each, TAG_BEGUN))),
    buckets: namesOf(buckets),
    passing: namesOf(buckets.filter((each) => tagOf(each, TAG_KEPT) === undefined)),
    nodes: unique(instances.map((each) => tagOf(each, LABEL_NODE))),
  };
}

/** The region that a configuration, as YAML, asks for; undefined where its provider is another one. */
export function regionAsked(yaml: string): string | undefined {
  const { config = {} } = (parse(yaml) ?? {}) as {
    readonly config?: Readonly<Record<string, unknown>>;
  };
  if (config[`${PROJECT}:provider`] !== "aws") return undefined;
  return textAt(config[`${PROJECT}:aws`] as Readonly<Record<string, unknown>>, "region");
}

/** The same of a stack's own configuration; undefined where it has none. */
export function configuredRegion(stack: string): string | undefined {
  const file = stackConfigFile(stack);
  return existsSync(file) ? regionAsked(readFileSync(file, "utf8")) : undefined;
}
