/** The way to a node on AWS, with an `aws` that answers as AWS would and the real ssh-keygen. No sshd is at hand here. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { instanceIn } from "../../components/nodes/aws/instance.ts";
import {
  failureFile,
  failureOf,
  instanceConnection,
  knownHostFile,
  loginKeyFile,
} from "../../components/nodes/aws/instance-options.ts";
import { execOn } from "../../components/nodes/exec.ts";
import { apiOptions, shellOn } from "../../components/nodes/shell.ts";
import { acquaint, admitScript } from "../../scripts/aws/acquaint.ts";
import { loginKey } from "../../scripts/aws/login-key.ts";
import { StubProgram } from "../support/stub-program.ts";
import { StubSsh } from "../support/stub-ssh.ts";

const place = { region: "eu-central-1", lab: "dev", node: "m1" };
const session = instanceConnection(place, undefined);
const direct = instanceConnection(place, "192.0.2.7/32");
const HOST_KEY = "ssh-ed25519 AAAAC3NzaHostKey";

const instances = (...ids: readonly string[]) => ({
  Reservations: ids.map((InstanceId) => ({
    Instances: [{ InstanceId, PublicIpAddress: "127.0.0.1" }],
  })),
});

/** An `aws` with one instance, whose agent answers so; the first look at the answer comes too early. */
const aws = (Status = "Success", said = `${HOST_KEY} root@m1\\n`, id = "i-1") =>
  new StubProgram(
    "aws",
    `case "$1 $2" in
"ec2 describe-instances") echo '${JSON.stringify(instances(id))}' ;;
"ssm send-command") echo '{"Command":{"CommandId":"c-1"}}' ;;
"ssm get-command-invocation")
  looks=$(grep -c get-command-invocation "$(dirname "$0")/calls")
  [ "$looks" != 1 ] || { echo 'An error occurred (InvocationDoesNotExist) when calling the GetCommandInvocation operation:' >&2; exit 254; }
  status=${Status}; [ "$looks" != 2 ] || status=InProgress
  printf '%s\\n' '{"Status":"'$status'","StandardOutputContent":"${said}","StandardErrorContent":"no such user"}' ;;
"ssm start-session") printf 'SSH-2.0-instance\\n'; cat ;;
esac`,
  );
const commands = (stub: StubProgram) =>
  stub.calls.map((call) => call.split("\n").slice(0, 2).join(" "));

describe("the way to a node on AWS", () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "swarm-lab-cache-"));
    vi.stubEnv("XDG_CACHE_HOME", cache);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true });
  });

  test("is known before the instance is, and names neither its address nor a file of this machine", () => {
    expect(session).toEqual({
      ...{ kind: "ssh", host: "m1.dev.eu-central-1", port: 22, user: "admin" },
      instance: { ...place, way: "session" },
    });
    expect(direct.instance.way).toBe("direct");
  });

  test("accepts the host key that AWS told, and no other, and enters with the one key", () => {
    const { command, args } = shellOn(session, "true");
    expect(command).toBe("ssh");
    expect(args).toContain("admin@m1.dev.eu-central-1");
    const given = Object.fromEntries(
      args.filter((_, at) => args[at - 1] === "-o").map((option) => option.split(/=(.*)/s)),
    );
    expect(given).toMatchObject({
      ...{ StrictHostKeyChecking: "yes", HostKeyAlgorithms: "ssh-ed25519", BatchMode: "yes" },
      UserKnownHostsFile: `"${knownHostFile(session)}"`,
      IdentityFile: `"${loginKeyFile()}"`,
    });
    expect(given).not.toHaveProperty("KnownHostsCommand");
    expect(given.ProxyCommand).toMatch(
      /scripts\/aws\/way\.ts' '\{"kind":"ssh",.*"way":"session"\}\}'$/,
    );
    const api = apiOptions(session);
    expect(api).toContain(`ProxyCommand=${given.ProxyCommand}`);
  });

  test("is shared with nobody who has other credentials: there the same names are another lab's", () => {
    const socket = () => shellOn(session, "true").args.find((each) => /^ControlPath=/.test(each));
    vi.stubEnv("AWS_PROFILE", "one");
    const one = socket();
    expect(socket()).toBe(one);
    vi.stubEnv("AWS_PROFILE", "other");
    expect(socket()).not.toBe(one);
  });

  test("leaves no percent sign to ssh, which expands them", () => {
    vi.stubEnv("XDG_CACHE_HOME", "/tmp/100%h");
    const files = shellOn(session, "true").args.filter((each) =>
      /^(User|Identity)\w*File=/.test(each),
    );
    expect(files).toHaveLength(2);
    for (const file of files) expect(file).toContain("/tmp/100%%h/");
  });

  test("has a key of its own, made once, that nobody else reads", async () => {
    const [one, other] = await Promise.all([loginKey(), loginKey()]);
    expect(one).toMatch(/^ssh-ed25519 AAAA\S+ swarm-lab$/);
    expect(other).toBe(one);
    expect(statSync(loginKeyFile()).mode & 0o777).toBe(0o600);
    writeFileSync(loginKeyFile(), "not a key");
    await expect(loginKey()).rejects.toThrow(/need a key in .*remove that file/);
  });

  test("is opened through AWS, once for each instance: the key goes in, the host key comes out", async () => {
    using stub = aws();
    await acquaint(session, "i-1", 0.01);
    const key = await loginKey();
    expect(readFileSync(knownHostFile(session), "utf8")).toBe(
      `# i-1 lets in ${key}\nm1.dev.eu-central-1 ${HOST_KEY}\n`,
    );
    const [sent = ""] = stub.calls;
    const parameters = sent.slice(sent.indexOf('{"commands"'), sent.lastIndexOf("\n--region"));
    expect(JSON.parse(parameters)).toEqual({ commands: [admitScript("admin", key)] });
    expect(sent).toContain("--instance-ids\ni-1\n");
    expect(commands(stub)).toEqual([
      "ssm send-command",
      ...Array.from({ length: 3 }, () => "ssm get-command-invocation"),
    ]);
    await acquaint(session, "i-1", 0.01);
    expect(stub.calls).toHaveLength(4);
    await acquaint(session, "i-2", 0.01);
    expect(stub.calls).toHaveLength(6);
    expect(readFileSync(knownHostFile(session), "utf8")).toMatch(/^# i-2 /);
    rmSync(loginKeyFile());
    await acquaint(session, "i-2", 0.01);
    expect(stub.calls).toHaveLength(8);
  });

  test("sends no private key anywhere", async () => {
    using stub = aws();
    await acquaint(session, "i-1", 0.01);
    const secret = readFileSync(loginKeyFile(), "utf8").split("\n").slice(1, 4);
    expect(secret.join("").length).toBeGreaterThan(100);
    for (const line of secret) expect(stub.calls.join("\n")).not.toContain(line);
  });

  test.each<[string, string, string, string]>([
    [
      "the command fails",
      "Failed",
      "",
      "m1: got Failed of a command on i-1 (no such user), need Success",
    ],
    [
      "it tells no host key",
      "Success",
      "ssh-rsa AAAA x",
      'm1: got "ssh-rsa AAAA x" as its host key',
    ],
  ])("stays closed where %s", async (_, status, said, message) => {
    using _stub = aws(status, said);
    await expect(acquaint(session, "i-1", 0.01)).rejects.toThrow(message);
    expect(() => statSync(knownHostFile(session))).toThrow("ENOENT");
  });

  const run = async (connection: object, input: string) => {
    const program = fileURLToPath(new URL("../../scripts/aws/way.ts", import.meta.url));
    const child = spawn(process.execPath, [program, JSON.stringify(connection)]);
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stdin.end(input);
    const [code] = (await once(child, "close")) as [number];
    return { code, said };
  };

  test("leads through Session Manager once both know one another", async () => {
    using stub = aws();
    const { code, said } = await run(session, "hello");
    expect({ code, said }).toEqual({ code: 0, said: "SSH-2.0-instance\nhello" });
    expect(commands(stub)).toEqual([
      ...["ec2 describe-instances", "ssm send-command"],
      ...Array.from({ length: 3 }, () => "ssm get-command-invocation"),
      "ssm start-session",
    ]);
    expect(stub.calls[0]).toContain(
      "Name=tag:swarm-lab.lab,Values=dev\nName=tag:swarm-lab.node,Values=m1\nName=instance-state-name,Values=pending,running",
    );
    expect(stub.calls.at(-1)).toBe(
      "ssm\nstart-session\n--region\neu-central-1\n--target\ni-1\n--document-name\nAWS-StartSSHSession\n--parameters\nportNumber=22",
    );
    expect(failureOf(session)).toBe("");
  });

  test("leads straight to the public address where SSH is open", async () => {
    using stub = aws();
    const server = createServer((socket) => socket.end("SSH-2.0-here\n")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await run({ ...direct, port }, "")).toEqual({ code: 0, said: "SSH-2.0-here\n" });
    server.close();
    await once(server, "close");
    expect(commands(stub)).not.toContain("ssm start-session");
    expect((await run({ ...direct, port }, "")).code).toBe(255);
    expect(failureOf(direct)).toMatch(/^connect ECONNREFUSED 127\.0\.0\.1:\d+\n$/);
  });

  test("says why it cannot be gone, until it can", async () => {
    {
      using _ = new StubProgram("aws", "echo 'Unable to locate credentials' >&2; exit 253");
      expect(await run(session, "")).toEqual({ code: 255, said: "" });
    }
    const why = /^m1: the credentials for AWS: got none, need .*\n$/;
    expect(failureOf(session)).toMatch(why);
    const end = async (code: number) => {
      using _ssh = new StubSsh(`echo closed >&2; exit ${code}`);
      return (await execOn({ connection: session }, "true")).stderr;
    };
    expect((await end(255)).replace("closed\n", "")).toMatch(why);
    // The command's own failure, over a connection that was open.
    expect(await end(1)).toBe("closed\n");
    using _ = aws();
    await run(session, "");
    expect(() => statSync(failureFile(session))).toThrow("ENOENT");
  });
});

describe("the instance of a node", () => {
  const { instance } = session;
  test("is the one that has its tags", () => {
    expect(instanceIn(instances("i-1"), instance)).toEqual({
      ...{ id: "i-1", publicAddress: "127.0.0.1" },
    });
  });

  test("is not guessed", () => {
    expect(() => instanceIn(instances(), instance)).toThrow(
      "m1: got no instance that runs in eu-central-1, need one that is tagged swarm-lab.node=m1; `npm run up` makes it",
    );
    expect(() => instanceIn(instances("i-1", "i-2"), instance)).toThrow(
      /^m1: got i-1 and i-2 in eu-central-1, need one/,
    );
  });
});
