import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "../../components/errors.ts";
import { ownBackend } from "./environment.ts";
import { stateFile } from "./paths.ts";
import { capture, said } from "./run.ts";

const Resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  custom: z.boolean().optional(),
  delete: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

const Deployment = z.looseObject({
  resources: z.array(Resource).nullish(),
  pending_operations: z.array(z.object({ resource: Resource, type: z.string() })).nullish(),
});

const StateFile = z.object({
  deployment: Deployment.nullish(),
  checkpoint: z.object({ latest: Deployment.nullish() }).nullish(),
});

export type StateResource = z.infer<typeof Resource>;

export interface PendingOperation {
  readonly resource: StateResource;
  /** `creating`, `updating`, `deleting`, `reading` or `importing`. */
  readonly type: string;
}

/** What Pulumi's state says of a stack: its resources and the operations a killed run left open. */
export interface StackState {
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
  /** The stack's outputs; secret ones are ciphertexts here. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Reads a deployment as `pulumi stack export` prints it, or a checkpoint of the file backend. */
export function parseState(text: string): StackState {
  const { deployment: exported, checkpoint } = StateFile.parse(JSON.parse(text));
  const deployment = exported ?? checkpoint?.latest;
  const resources = deployment?.resources ?? [];
  const root = resources.find((resource) => resource.type === "pulumi:pulumi:Stack");
  return {
    resources,
    pending: deployment?.pending_operations ?? [],
    outputs: root?.outputs ?? {},
  };
}

/** The state of a stack as JSON text, secrets encrypted: a file of the own backend, else through Pulumi. */
export async function exportState(stack: string): Promise<string | undefined> {
  const file = stateFile(stack);
  if (ownBackend()) {
    if (existsSync(file)) return readFile(file, "utf8");
    // Pulumi writes these when the user asks it to compress.
    if (![".gz", ".zst"].some((end) => existsSync(file + end))) return undefined;
  }
  const result = await capture("pulumi", ["stack", "export", "--stack", stack]);
  if (result.code === 0) return result.stdout;
  if (/no stack named/i.test(result.stderr)) return undefined;
  throw new UserError(`state of stack ${stack}: Pulumi could not read it: ${said(result)}`);
}

/** The state of a stack, or undefined when the stack does not exist. */
export async function readState(stack: string): Promise<StackState | undefined> {
  const text = await exportState(stack);
  return text === undefined ? undefined : parseState(text);
}

/** Whether Pulumi has anything on record of the stack: a resource, or an operation left open. */
export function holdsResources(state: StackState | undefined): state is StackState {
  return state !== undefined && state.resources.length + state.pending.length > 0;
}
