import * as pulumi from "@pulumi/pulumi";
import { mockedCall, mockedState } from "./mock-outputs.ts";
import { Recording } from "./recording.ts";
import { type RegisterRequest, type Registration, registrationOf } from "./registration.ts";

type Inputs = Readonly<Record<string, unknown>>;
type Register = (
  request: RegisterRequest,
  callback: (error: unknown, response?: { getUrn(): string }) => void,
) => void;

export interface RecordOptions {
  /** As in `pulumi preview`: nothing has an id, and outputs that are no inputs are unknown. */
  readonly preview?: boolean;
  readonly stack?: string;
}

/** What a program returned, and everything it registered. */
export interface Recorded<T> {
  readonly made: T;
  readonly recording: Recording;
}

/**
 * Runs `build` under mocks and records every registration, options included. Like the engine, it makes the outputs
 * secret that `additionalSecretOutputs` names. A type or command that mock-outputs.ts does not know is an error.
 * It proves nothing about providers: neither that they accept the inputs, nor what they answer.
 */
export async function record<T>(
  build: () => T | Promise<T>,
  { preview = false, stack = "dev" }: RecordOptions = {},
): Promise<Recorded<T>> {
  const all: Registration[] = [];
  const secretOutputs = new Map<string, readonly string[]>();
  const unknown: unknown[] = [];
  const stateOf = (type: string, name: string, inputs: Inputs) => {
    try {
      return mockedState(type, name, inputs, preview);
    } catch (error) {
      unknown.push(error); // thrown at the end: here it would end the process
      return inputs;
    }
  };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        if (!custom) return { id: undefined, state: {} };
        const hidden = secretOutputs.get(`${type} ${name}`) ?? [];
        const state = Object.entries(stateOf(type, name, inputs)).map(([key, value]) =>
          hidden.includes(key) ? [key, pulumi.secret(value)] : [key, value],
        );
        return { id: preview ? undefined : `${name}-id`, state: Object.fromEntries(state) };
      },
      call: ({ token, inputs }) => {
        try {
          return mockedCall(token, inputs);
        } catch (error) {
          unknown.push(error);
          return {};
        }
      },
    },
    "swarm-lab",
    stack,
    preview,
  );
  watch((request, urn) => {
    if (urn !== undefined) all.push(registrationOf(request, urn));
    else {
      const hidden = request.getAdditionalsecretoutputsList();
      secretOutputs.set(`${request.getType()} ${request.getName()}`, hidden);
    }
  });
  const made = await build();
  await settled();
  for (const error of unknown) throw error;
  return { made, recording: new Recording(all) };
}

/** Calls `see` with each request as it is made, and again with the URN that the monitor gave it. */
function watch(see: (request: RegisterRequest, urn?: string) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register: Register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    see(request);
    register(request, (error, response) => {
      if (response) see(request, response.getUrn());
      callback(error, response);
    });
  };
}

/** Resolves when no registration is under way any more; the SDK has it without a type. */
function settled(): Promise<void> {
  return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

/** The value of an output. It never comes for one that is unknown. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => resolve(value as T));
  });
}
