import type { Problem } from "../../errors.ts";
import type { AwsRefusal } from "./error-text.ts";

/** Tells a refusal in words for the person whose lab it is; undefined for what is none that it knows. */
export type Teller = (refusal: AwsRefusal) => Problem | undefined;

/** By AWS's code. */
export type Tellers = Readonly<Record<string, Teller>>;

export const AGAIN = "`npm run up` goes on from there";

/** What `pattern` has in brackets, out of AWS's sentence; `rest` where it reads another way. */
export const said = ({ message }: AwsRefusal, pattern: RegExp, rest: string): string =>
  pattern.exec(message)?.[1] ?? rest;
