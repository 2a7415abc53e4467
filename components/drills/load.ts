import { type Check, checkThat } from "./verdict.ts";

/** One request of a client inside the lab, that found the task by DNS and asked it by its own address. */
export interface LoadRequest {
  readonly service: string;
  /** Milliseconds since 1970, and how long it took. */
  readonly at: number;
  readonly ms: number;
  /** Why it was not answered with 200; absent when it was. */
  readonly failed?: string;
  /** Of an answer: the task, its node and release, and SHA-256 of the secret and the text of the config it reads. */
  readonly task?: string;
  readonly node?: string;
  readonly version?: string;
  readonly secret?: string;
  readonly config?: string;
}

interface Answer {
  readonly task: string;
  readonly node: string;
  readonly version: string;
  readonly secret: { readonly sha256: string } | null;
  readonly config: { readonly value: string } | null;
}

/**
 * Reads a line of the client: `SERVICE FROM TO ok JSON` or `SERVICE FROM TO failed WHY`, in seconds since its node was
 * started, of which `booted` is the moment. Undefined for a line that was cut off.
 */
export function parseLoadLine(line: string, booted: number): LoadRequest | undefined {
  const [, service, from, to, result, said = ""] =
    /^(\S+) ([\d.]+) ([\d.]+) (ok|failed) ?(.*)$/.exec(line) ?? [];
  if (service === undefined) return undefined;
  const at = Math.round(booted + Number(from) * 1000);
  const ms = Math.round((Number(to) - Number(from)) * 1000);
  if (result === "failed") return { service, at, ms, failed: said || "no answer" };
  try {
    const { task, node, version, secret, config } = JSON.parse(said) as Answer;
    return {
      ...{ service, at, ms, task, node, version },
      ...(secret ? { secret: secret.sha256 } : {}),
      ...(config ? { config: config.value.trim() } : {}),
    };
  } catch {
    return undefined;
  }
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The requests to a service that began within the window. */
export const asked = (load: readonly LoadRequest[], service: string, { from, to }: Window) =>
  load.filter((one) => one.service === service && one.at >= from && one.at <= to);

/** Seconds from the first request that failed until the next one that was answered; 0 when none failed. */
export function outage(requests: readonly LoadRequest[]): number {
  const first = requests.find(({ failed }) => failed !== undefined);
  if (first === undefined) return 0;
  const last = requests.findLast(({ failed }) => failed !== undefined) ?? first;
  const back = requests.find(({ at, failed }) => at > last.at && failed === undefined);
  return ((back?.at ?? last.at + last.ms) - first.at) / 1000;
}

const failures = (requests: readonly LoadRequest[]) =>
  requests.filter(({ failed }) => failed !== undefined);

/** As people read it: how many of how many failed, and what the first of them heard. */
export function loadInWords(requests: readonly LoadRequest[]): string {
  const bad = failures(requests);
  const first = bad[0] === undefined ? "" : `: ${bad[0].failed}`;
  return `${bad.length} of ${requests.length} failed${first}`;
}

/** No request within the window failed, and there were enough of them to say so. */
export function checkNoneFailed(
  name: string,
  requests: readonly LoadRequest[],
  minimum = 50,
): Check {
  const expected = `0 of ${minimum} requests or more`;
  const ok = requests.length >= minimum && failures(requests).length === 0;
  return checkThat(name, expected, loadInWords(requests), ok);
}
