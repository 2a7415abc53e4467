import { describe, expect, test } from "vitest";
import { edgeConfig } from "../../components/swarm/edge-config.ts";

const app = { service: "app", published: 20_003, target: 8080 };
const web = { service: "web", published: 20_004, target: 80 };
const sections = (text: string) => text.split("\n\n").filter((each) => /^\s*listen /.test(each));

describe("the edge's configuration", () => {
  test("passes each port on to the tasks of its service, found by name", () => {
    const [first, second, ...rest] = sections(edgeConfig([app, web]));
    expect(first).toContain("listen app-20003\n  bind :20003\n");
    expect(first).toContain(" tasks.app:8080 check");
    expect(second).toContain("listen web-20004\n  bind :20004\n");
    expect(second).toContain(" tasks.web:80 check");
    expect(rest).toEqual([]);
  });

  test("keeps two ports of one service apart", () => {
    const text = edgeConfig([app, { ...app, published: 20_005, target: 8081 }]);
    expect(text).toContain("listen app-20003\n");
    expect(text).toContain("listen app-20005\n");
  });

  test("asks the engine's DNS and does not wait for names at its start", () => {
    const text = edgeConfig([app]);
    expect(text).toContain("nameserver engine 127.0.0.11:53");
    expect(text).toContain("default-server resolvers swarm init-addr none");
  });

  test("does not depend on how many tasks there are, so that scaling changes nothing", () => {
    expect(edgeConfig([app])).toMatch(/server-template task 1-\d+ tasks\.app:8080/);
  });

  test("without routes has no port", () => {
    expect(edgeConfig([])).not.toMatch(/^listen|bind /m);
  });
});
