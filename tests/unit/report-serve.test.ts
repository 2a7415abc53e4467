import { request } from "node:http";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { refuseMisfits, whole } from "../../scripts/cli/report-page.ts";
import { isOwnHost, type Serving, serve } from "../../scripts/report/serve.ts";

let server: Serving | undefined;
afterEach(() => server?.close());

const now = () => ({ page: "<p>here</p>", policy: "default-src 'none'", figures: { lab: "dev" } });

async function started(): Promise<URL> {
  server = await serve({ port: 0, now });
  return new URL(server.url);
}

/** A request with any Host header, as `fetch` sets its own. */
function ask(url: URL, { path = "/", host = url.host, method = "GET" } = {}) {
  return new Promise<{ code: number; body: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const asked = request({
        host: url.hostname,
        port: url.port,
        path,
        method,
        headers: { host },
      });
      asked.once("error", reject);
      asked.once("response", (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.once("end", () =>
          resolve({ code: response.statusCode ?? 0, body, headers: response.headers }),
        );
      });
      asked.end();
    },
  );
}

describe("a served report", () => {
  test("is there under loopback, with its policy, and its figures as data", async () => {
    const url = await started();
    expect(url.hostname).toBe("127.0.0.1");
    const page = await ask(url);
    expect([page.code, page.body]).toEqual([200, "<p>here</p>"]);
    expect(page.headers["content-security-policy"]).toBe("default-src 'none'");
    expect(page.headers["cache-control"]).toBe("no-store");
    const figures = await ask(url, { path: "/figures.json" });
    expect(JSON.parse(figures.body)).toEqual({ lab: "dev" });
    expect((await ask(url, { host: `localhost:${url.port}` })).code).toBe(200);
  });

  test.each(["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1"])(
    "answers nobody who calls it %j",
    async (host) => {
      const { code, body } = await ask(await started(), { host });
      expect(code).toBe(403);
      expect(body).not.toContain("here");
    },
  );

  test("guards its events as well", async () => {
    const url = await started();
    expect((await ask(url, { path: "/events", host: "evil.example" })).code).toBe(403);
  });

  test.each(["POST", "PUT", "DELETE"])("takes no %s", async (method) => {
    expect((await ask(await started(), { method })).code).toBe(405);
  });

  test("has nothing but its page and figures", async () => {
    const url = await started();
    for (const path of ["/../package.json", "/index.html", "/%2e%2e/etc/passwd"])
      expect((await ask(url, { path })).code).toBe(404);
  });

  test("tells open pages that there is something new, and ends with them open", async () => {
    const url = await started();
    const response = await fetch(new URL("/events", url));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = (await reader?.read())?.value ?? "";
    server?.renew();
    heard += (await reader?.read())?.value ?? "";
    expect(heard).toBe(": here\n\ndata: new\n\n");
    await server?.close();
    server = undefined;
    await expect(fetch(url)).rejects.toThrow();
  });

  test("says when its port is taken", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const { port } = other.address() as { port: number };
    await expect(serve({ port, now })).rejects.toThrow(
      `report --port: got ${port}, need one that is free (EADDRINUSE); leave it out for any`,
    );
    await new Promise((done) => other.close(done));
  });
});

test("only names of this machine with its port are its own", () => {
  expect(isOwnHost("[::1]:80", 80)).toBe(true);
  expect(isOwnHost(undefined, 80)).toBe(false);
  expect(isOwnHost("127.0.0.1:80.evil.example", 80)).toBe(false);
});

describe("the options of npm run report", () => {
  test.each(["-1", "1e3", "65536", "a", "", "1.5"])("refuse the port %j", (given) => {
    expect(() => whole("--port", given, 0, 65_535)).toThrow(
      `report --port: got ${JSON.stringify(given)}, need a whole number from 0 to 65535`,
    );
  });

  test.each([
    [{ port: "80" }, false, "report --port: got a port without --serve"],
    [{ serve: true }, true, "report --serve: got it with --json"],
    [{ serve: true, out: "x" }, false, "report --serve: got it with --out"],
    [{ out: "x" }, true, "report --json: got it with --out"],
  ])("refuse %j with json %s", (options, json, message) => {
    expect(() => refuseMisfits(options, json)).toThrow(message);
  });

  test("that fit together pass", () => {
    expect(whole("--runs", "12", 1, 1000)).toBe(12);
    for (const options of [{}, { out: "x" }, { serve: true, port: "80" }])
      expect(() => refuseMisfits(options, false)).not.toThrow();
  });
});
