import { describe, expect, test } from "vitest";
import { type EngineEvent, Progress, resourceName, type Saying } from "../../scripts/cli/events.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::swarm-lab::${type}::${name}`;
const CONTAINER = "docker:index/container:Container";
const about = (name: string, op = "create", type = CONTAINER) => ({
  metadata: { op, urn: urn(type, name), type },
});

/** Feeds events at their milliseconds and gathers what is said. */
function follow(progress: Progress, events: readonly (readonly [number, EngineEvent])[]): Saying[] {
  return events.flatMap(([now, event]) => progress.take(event, now));
}

describe("progress of an operation", () => {
  test("says what was done with its seconds, notably what took a second", () => {
    const said = follow(new Progress(), [
      [0, { resourcePreEvent: about("m1") }],
      [100, { resourcePreEvent: about("m2") }],
      [600, { resOutputsEvent: about("m2") }],
      [2100, { resOutputsEvent: about("m1") }],
    ]);
    expect(said).toEqual([
      { text: "created Container m2 0.5 s", kind: "done", notable: false },
      { text: "created Container m1 2.1 s", kind: "done", notable: true },
    ]);
  });

  test("says a failure however short it was", () => {
    const said = follow(new Progress(), [
      [0, { resourcePreEvent: about("m1", "update") }],
      [10, { resOpFailedEvent: about("m1", "update") }],
    ]);
    expect(said).toEqual([
      { text: "failed to update Container m1 0.0 s", kind: "failed", notable: true },
    ]);
  });

  test("keeps quiet about components, providers and what stays the same", () => {
    const events = ["swarm-lab:stacks:Lab", "pulumi:providers:docker", CONTAINER].flatMap(
      (type) => {
        const one = about("x", type === CONTAINER ? "same" : "create", type);
        return [[0, { resourcePreEvent: one }] as const, [5000, { resOutputsEvent: one }] as const];
      },
    );
    expect(follow(new Progress(), events)).toEqual([]);
  });

  test("drops debug lines, in which secrets may stand in clear", () => {
    const debug = { severity: "debug", message: "RegisterResource ... hunter2" };
    expect(follow(new Progress(), [[0, { diagnosticEvent: debug }]])).toEqual([]);
  });

  test("says errors once with their resource, and gathers them", () => {
    const progress = new Progress();
    const error = { severity: "error", message: "port is taken\n", urn: urn(CONTAINER, "gateway") };
    const said = follow(progress, [
      [0, { diagnosticEvent: error }],
      [1, { diagnosticEvent: error }],
    ]);
    expect(said).toEqual([
      { text: "Container gateway: port is taken", kind: "error", notable: true },
    ]);
    expect(progress.errors).toEqual(["Container gateway: port is taken"]);
  });

  test("tells what AWS refuses in one plain sentence for all that it refuses so, and keeps its words for the log", () => {
    const progress = new Progress();
    const refusal =
      "1 error occurred:\n\t* creating EC2 EIP: operation error EC2: AllocateAddress, https response error StatusCode: 400, RequestID: 1-2, api error AddressLimitExceeded: The maximum number of addresses has been reached.";
    const error = (name: string) => ({
      severity: "error",
      message: refusal,
      urn: urn("swarm-lab:nodes:AwsMachine$aws:ec2/eip:Eip", name),
    });
    const said = follow(progress, [
      [0, { diagnosticEvent: error("m1") }],
      [1, { diagnosticEvent: error("m2") }],
    ]);
    expect(said.map(({ kind, notable }) => [kind, notable])).toEqual([
      ...[["info", false] as const, ["error", true] as const, ["info", false] as const],
    ]);
    expect(said.map(({ text }) => text.split(":")[0])).toEqual([
      ...["Eip m1", "the AWS account's quota of Elastic IP addresses, one for each node", "Eip m2"],
    ]);
    expect(progress.errors).toEqual([said[1]?.text]);
  });

  test("tells so of the provider and of what it is asked as well, and of nobody else's errors", () => {
    const tell = (message: string, of?: string) =>
      follow(new Progress(), [
        [0, { diagnosticEvent: { severity: "error", message, ...(of ? { urn: of } : {}) } }],
      ]).at(-1)?.text;
    const none = "No valid credential sources found.";
    expect(tell(none, urn("pulumi:providers:aws", "nodes-aws"))).toMatch(
      /^the credentials for AWS/,
    );
    expect(tell(`invocation of aws:ssm/getParameter:getParameter: ${none}`)).toMatch(/^the cred/);
    const host = "dial tcp: lookup registry.internal: no such host";
    expect(tell(host, urn(CONTAINER, "m1"))).toBe(`Container m1: ${host}`);
  });

  test("keeps what programs merely tell for the log", () => {
    const info = { severity: "info", message: "joining" };
    expect(follow(new Progress(), [[0, { diagnosticEvent: info }]])[0]?.notable).toBe(false);
    const passing = { severity: "info", message: "10 %", ephemeral: true };
    expect(follow(new Progress(), [[0, { diagnosticEvent: passing }]])).toEqual([]);
  });

  test("knows what is in flight, the longest first", () => {
    const progress = new Progress();
    follow(progress, [
      [1000, { resourcePreEvent: about("m2") }],
      [0, { resourcePreEvent: about("m1") }],
      [0, { resourcePreEvent: about("m3") }],
      [500, { resOutputsEvent: about("m3") }],
    ]);
    expect(progress.inFlight(12_000)).toEqual(["Container m1 (12 s)", "Container m2 (11 s)"]);
  });

  test("sums up what changed", () => {
    const progress = new Progress();
    expect(progress.summary).toBe("nothing to do");
    progress.take({ summaryEvent: { resourceChanges: { create: 2, same: 3, delete: 0 } } }, 0);
    expect(progress.summary).toBe("2 created, 3 unchanged");
  });

  test("names a resource as people do", () => {
    const nested = `urn:pulumi:dev::swarm-lab::a:b:C$${CONTAINER}::m1::x`;
    expect(resourceName(nested)).toBe("Container m1::x");
  });
});
