import { describe, expect, test } from "vitest";
import { gatewayConfig } from "../../components/nodes/local/gateway-config.ts";

const api = { listen: 2376, target: 2376 };
const registry = { listen: 5000, target: 5000 };
const app = { listen: 20_003, target: 20_003 };

/** The lines of one `listen` section. */
function section(text: string, name: string): string[] {
  const [, rest = ""] = text.split(`\nlisten ${name}\n`);
  return (rest.split("\n\n")[0] ?? "")
    .trimEnd()
    .split("\n")
    .map((line) => line.trim());
}

describe("the gateway's configuration", () => {
  const text = gatewayConfig({ api, tcp: { registry, "app-8080": app } });

  test("passes the engine API to managers that have a leader, told by a request over mutual TLS", () => {
    const lines = section(text, "api");
    expect(lines.slice(0, 3)).toEqual([
      "bind :2376",
      "option httpchk GET /swarm",
      "http-check expect status 200",
    ]);
    expect(lines[3]).toMatch(/^server-template node 1-7 managers:2376 check inter 2s check-ssl /);
    for (const part of ["verify required", "verifyhost engine", "ca-file", "crt"]) {
      expect(lines[3]).toContain(part);
    }
  });

  test("ends no TLS: what a client sends reaches the engine as it is", () => {
    expect(text).not.toMatch(/bind .*ssl/);
    expect(text).toContain("mode tcp");
    expect(text).not.toContain("mode http");
  });

  test("passes everything else to any node that accepts it", () => {
    expect(section(text, "registry")).toEqual([
      "bind :5000",
      "server-template node 1-57 nodes:5000 check",
    ]);
    expect(section(text, "app-8080")[0]).toBe("bind :20003");
  });

  test("is the same in whatever order the services come", () => {
    expect(gatewayConfig({ api, tcp: { "app-8080": app, registry } })).toBe(text);
  });

  test("has places for the largest lab: seven managers, fifty workers", () => {
    expect(text).toContain("node 1-7 managers:");
    expect(text).toContain("node 1-57 nodes:");
  });
});
