import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type NodeShell, shellOn } from "../../components/nodes/shell.ts";
import type { ContainerConnection, SshConnection } from "../../components/nodes/types.ts";

const host: SshConnection = {
  ...{ kind: "ssh", host: "192.0.2.7", port: 2222, user: "root" },
  ...{ identity: "/keys/lab", hostKey: "ssh-ed25519 AAAAkey" },
};
const container: ContainerConnection = {
  kind: "container",
  container: "lab-m1",
  engine: "unix://x",
};

/** What sshd does: it gives its one text to the user's login shell. */
function asHost({ args, header }: NodeShell, stdin = "") {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", args.at(-1) ?? ""], {
    input: `${header}${stdin}`,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("a script on a machine of its own", () => {
  test.each([
    ["quotes", `printf %s "it's \\"here\\" \\$HOME"`, `it's "here" $HOME`],
    ["more lines", "a=1\nb=2\necho $((a + b))", "3\n"],
    ["a pipe", "printf 'b\\na\\n' | sort", "a\nb\n"],
  ])("runs as it stands: %s", (_, script, said) => {
    expect(asHost(shellOn(host, script))).toMatchObject({ status: 0, stdout: said });
  });

  test("ends with the first command that fails, and with its code", () => {
    expect(asHost(shellOn(host, "(exit 7); echo on"))).toMatchObject({ status: 7, stdout: "" });
    expect(asHost(shellOn(host, 'echo "$NOT_SET"')).status).not.toBe(0);
  });

  test("has its variables, which no argument shows, and the whole of its input", () => {
    const env = { TOKEN: "SWMTKN-1-it's secret\nof two lines", OTHER: "$(id) `id` \\" };
    const shell = shellOn(host, 'printf "%s|%s|" "$TOKEN" "$OTHER"; cat', env);
    expect(shell.args.join(" ")).not.toContain("secret");
    const input = "first\nsecond without an end";
    expect(asHost(shell, input).stdout).toBe(`${env.TOKEN}|${env.OTHER}|${input}`);
  });

  test("leaves the input alone without variables", () => {
    expect(asHost(shellOn(host, "cat"), "all of it\n").stdout).toBe("all of it\n");
  });

  test("is reached by the key that was given, at a host whose key was given, and is asked nothing", () => {
    const { command, args } = shellOn(host, "true");
    expect(command).toBe("ssh");
    expect(args).toContain("root@192.0.2.7");
    for (const option of [
      "BatchMode=yes",
      "GlobalKnownHostsFile=/dev/null",
      "IdentitiesOnly=yes",
      "IdentityFile=/keys/lab",
      "Port=2222",
      "StrictHostKeyChecking=yes",
      "KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAAkey",
      "UserKnownHostsFile=/dev/null",
    ])
      expect(args[args.indexOf(option) - 1], option).toBe("-o");
  });

  test("needs sudo for anybody but root", () => {
    const typed = (user: string) => shellOn({ ...host, user }, "true").args.at(-1);
    expect(typed("admin")).toMatch(/^sudo -n sh -euc /);
    expect(typed("root")).toMatch(/^sh -euc /);
  });
});

describe("a script in a container", () => {
  test("has its variables from the environment of the client, by name", () => {
    const shell = shellOn(container, "echo", { TOKEN: "secret" });
    expect(shell).toMatchObject({ command: "docker", env: { TOKEN: "secret" }, header: "" });
    expect(shell.args).toEqual([
      ...["--host", "unix://x", "exec", "-i", "--env", "TOKEN", "lab-m1", "sh", "-euc", "echo"],
    ]);
  });
});
