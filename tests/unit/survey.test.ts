import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPorts, parsePorts } from "../../components/nodes/local/survey.ts";

describe("the ports on the gateway's label", () => {
  test("are written in one order", () => {
    expect(formatPorts({ registry: 20_002, "app.8080": 20_003, api: 20_001 })).toBe(
      "api=20001,app.8080=20003,registry=20002",
    );
  });

  test("are read as they were written", () => {
    const purpose = fc.stringMatching(/^[a-z0-9-]{1,20}(\.[0-9]{1,5})?$/);
    const port = fc.integer({ min: 1, max: 65_535 });
    const dictionary = fc.dictionary(purpose, port, { noNullPrototype: true });
    fc.assert(
      fc.property(dictionary, (ports) => {
        expect(parsePorts(formatPorts(ports))).toEqual(ports);
      }),
    );
  });

  test.each<[string, string, Record<string, number>]>([
    ["no label", "", {}],
    ["a purpose without a port", "api", {}],
    ["a port that is none", "api=many,registry=20002", { registry: 20_002 }],
    ["port zero", "api=0", {}],
    ["a negative port", "api=-1", {}],
    ["a port beyond all", "api=65536", {}],
    ["half a port", "api=1.5", {}],
    ["a port without a purpose", "=20001", {}],
  ])("are left out where they are unreadable: %s", (_, label, ports) => {
    expect(parsePorts(label)).toEqual(ports);
  });
});
