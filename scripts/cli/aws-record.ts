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
  /** The instances that refuse to be terminated. */
  readonly guarded: readonly GuardedInstance[];
}

export interface GuardedInstance {
  readonly node: string;
  readonly id: string;
  readonly region: string;
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
const regionIn = (arn: string | undefined) => arn?.split(":")[3];

/** An instance's own ARN tells its region; one that was not made to the end has none, and is not protected yet. */
function guardedBy(instances: readonly StateResource[]): GuardedInstance[] {
  return instances.flatMap((each) => {
    const { id, inputs, outputs } = each;
    const region = regionIn(textAt(outputs, "arn"));
    if (inputs?.disableApiTermination !== true || !id || !region) return [];
    return [{ node: tagOf(each, LABEL_NODE) ?? id, id, region }];
  });
}

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
    guarded: guardedBy(instances),
  };
}

/** What a stack's configuration asks of AWS. */
export interface AsksAws {
  readonly region?: string;
  readonly protected: boolean;
}

/** What a configuration, as YAML, asks of AWS; undefined where its provider is another one. */
export function asksAws(yaml: string): AsksAws | undefined {
  const { config = {} } = (parse(yaml) ?? {}) as {
    readonly config?: Readonly<Record<string, unknown>>;
  };
  if (config[`${PROJECT}:provider`] !== "aws") return undefined;
  const aws = config[`${PROJECT}:aws`] as Readonly<Record<string, unknown>> | undefined;
  const region = textAt(aws, "region");
  return { ...(region === undefined ? {} : { region }), protected: aws?.protected === true };
}

/** The same of a stack's own configuration; undefined where it has none. */
export function configuredAws(stack: string): AsksAws | undefined {
  const file = stackConfigFile(stack);
  return existsSync(file) ? asksAws(readFileSync(file, "utf8")) : undefined;
}
