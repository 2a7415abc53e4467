import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describeProblem, UserError } from "../../../components/errors.ts";
import { report, timed } from "../../../scripts/cli/report.ts";
import { capture, said } from "../../../scripts/cli/run.ts";

/** What this machine needs to run others: each program and the package of Debian that has it. */
const TOOLS: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  "cloud-localds": "cloud-image-utils",
  mmdebstrap: "mmdebstrap",
  mke2fs: "e2fsprogs",
  ip: "iproute2",
  tcpdump: "tcpdump",
  curl: "curl",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  setpriv: "util-linux",
};

async function missing(): Promise<string[]> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const there = (name: string) =>
    Promise.any(folders.map((folder) => access(join(folder, name), constants.X_OK))).then(
      () => true,
      () => false,
    );
  const found = await Promise.all(Object.keys(TOOLS).map(there));
  const packages = Object.values(TOOLS).filter((_, index) => !found[index]);
  return [...new Set(packages)];
}

async function apt(...args: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const result = await capture("apt-get", args, { env, timeout: 600_000 });
  if (result.code !== 0)
    throw new UserError(`test machines: apt-get ${args.join(" ")} failed:\n${said(result)}`);
}

/**
 * Brings the programs that make and run the test machines. What is there is used; the rest is installed where that is
 * possible, on Debian and Ubuntu as root. Elsewhere a UserError says what to install.
 */
export async function ensureTools(say = report): Promise<void> {
  const problem = (got: string, need: string, fix: string) =>
    new UserError(describeProblem({ where: "test machines", got, need, fix }));
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw problem(
      `${process.platform}, user ${process.getuid?.() ?? "unknown"}`,
      "root on Linux, for a network namespace of their own",
      "run it as root, or in a virtual machine",
    );
  const packages = await missing();
  if (packages.length === 0) return;
  if ((await capture("apt-get", ["--version"])).code !== 0)
    throw problem(
      `no apt-get, and nothing of ${packages.join(", ")}`,
      "the programs of these packages (named as in Debian)",
      "install them",
    );
  await timed(
    `test machines: installing ${packages.join(", ")}`,
    async () => {
      await apt("update", "--quiet");
      await apt("install", "--yes", "--no-install-recommends", ...packages);
    },
    say,
  );
}
