/** What AWS said when it refused something, as the words of whoever asked have it: the AWS CLI, or Pulumi's provider. */
export interface AwsRefusal {
  /** AWS's own code, such as `VcpuLimitExceeded`: it stays the same where the sentence does not. */
  readonly code: string;
  /** What was asked for, such as `RunInstances`. */
  readonly operation: string;
  /** AWS's sentence, to the end of its line. It may be empty. */
  readonly message: string;
}

/**
 * How botocore tells of it, which the AWS CLI prints, and how AWS's SDK for Go does, which the provider passes on. Of errors
 * that the SDK has a type for it leaves `api error` out.
 */
const FORMS: readonly RegExp[] = [
  /An error occurred \((?<code>[\w.]+)\) when calling the (?<operation>\w+) operation(?: \([^)]*\))?: ?(?<message>.*)/,
  /operation error [\w ]+: (?<operation>\w+), .*?RequestID: [^,]*, (?:HostID: [^,]*, )?(?:api error )?(?<code>[A-Z][\w.]*): ?(?<message>.*)/,
];

/** The first refusal in a text of one or more lines; undefined where there is none. Pure. */
export function refusalIn(text: string): AwsRefusal | undefined {
  for (const form of FORMS) {
    const { code, operation = "", message = "" } = form.exec(text)?.groups ?? {};
    if (code !== undefined) return { code, operation, message: message.trim() };
  }
  return undefined;
}
