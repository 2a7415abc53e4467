import { expect } from "vitest";
import type { LabDescription } from "../../../stacks/outputs.ts";
import type { TestLab } from "./test-lab.ts";

export interface AppAnswer {
  readonly service: string;
  readonly node: string;
  readonly zone: string;
  readonly task: string;
  readonly version: string;
  readonly secret: { readonly name: string; readonly sha256: string } | null;
  readonly config: { readonly name: string; readonly value: string } | null;
}

/** The stack output `lab`. */
export async function describeLab(lab: TestLab): Promise<LabDescription> {
  const { code, stdout, stderr } = await lab.pulumi(["stack", "output", "lab", "--json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as LabDescription;
}

export async function appUrl(lab: TestLab): Promise<string> {
  const url = (await describeLab(lab)).gateway.apps.app?.[0];
  if (url === undefined) throw new Error("the lab has no application");
  return url;
}

export async function askApp(url: string): Promise<AppAnswer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  expect(response.status).toBe(200);
  return (await response.json()) as AppAnswer;
}

/** Asks so many times and gives back every answer, so that all replicas are likely to have answered. */
export async function askOften(url: string, times: number): Promise<AppAnswer[]> {
  const answers: AppAnswer[] = [];
  for (let time = 0; time < times; time += 1) answers.push(await askApp(url));
  return answers;
}

/** Asks without pause until stopped; tells how often it was answered and every way in which it was not. */
export function keepAsking(url: string) {
  const seen = { answered: 0, failures: [] as string[] };
  let on = true;
  const ended = (async () => {
    while (on) {
      try {
        await askApp(url);
        seen.answered += 1;
      } catch (error) {
        seen.failures.push(String((error as Error).cause ?? error));
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    on = false;
    await ended;
    return seen;
  };
}
