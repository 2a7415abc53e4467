import { describe, expect, test } from "vitest";
import { parseNodes } from "../../components/swarm/node-list.ts";

/** As docker 26.1.5 prints it. */
const LINES = `{"Availability":"Drain","EngineVersion":"26.1.5+dfsg1","Hostname":"m1","ID":"aaa","ManagerStatus":"Leader","Self":true,"Status":"Ready","TLSStatus":"Ready"}
{"Availability":"Active","EngineVersion":"26.1.5+dfsg1","Hostname":"w1","ID":"bbb","ManagerStatus":"","Self":false,"Status":"Down","TLSStatus":"Ready"}
`;

describe("the list of nodes", () => {
  test("tells of each what a manager knows", () => {
    expect(parseNodes(LINES)).toEqual([
      {
        ...{ id: "aaa", hostname: "m1", status: "Ready", availability: "Drain" },
        ...{ managerStatus: "Leader", engineVersion: "26.1.5+dfsg1" },
      },
      {
        ...{ id: "bbb", hostname: "w1", status: "Down", availability: "Active" },
        ...{ managerStatus: "", engineVersion: "26.1.5+dfsg1" },
      },
    ]);
  });

  test("may be empty", () => {
    expect(parseNodes("\n")).toEqual([]);
  });

  test.each(["Error response from daemon: rpc error", '{"ID":"aaa"', "m1 Ready"])(
    "cannot be read when a line is %j",
    (line) => {
      expect(() => parseNodes(`${LINES}${line}\n`)).toThrow(SyntaxError);
    },
  );
});
