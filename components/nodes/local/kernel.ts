import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { x } from "tinyexec";
import { cacheFolder } from "../../cache.ts";
import { UserError } from "../../errors.ts";
import { KERNEL_PROBE, type KernelProbe, parseKernelProbe } from "../kernel-probe.ts";
import { NODE_CAPABILITIES, NODE_SECURITY_OPTS } from "./containment.ts";

export interface KernelRequest {
  /** DOCKER_HOST of the engine whose kernel the nodes will have. */
  readonly engine: string;
  /** The node image: its tools do the trying. */
  readonly image: string;
  readonly report?: (line: string) => void;
  /** Ask again, whatever is remembered. */
  readonly fresh?: boolean;
}

/** What was found is remembered for the engine, its kernel and the image; a lack for a day, as modules can be installed. */
const LACKS_LAST = 24 * 60 * 60 * 1000;

function remembered(file: string): KernelProbe | undefined {
  try {
    const { at, output } = JSON.parse(readFileSync(file, "utf8")) as { at: number; output: string };
    const probe = parseKernelProbe(output);
    const whole = Object.keys(probe.said).length === 0;
    return whole || Date.now() - at < LACKS_LAST ? probe : undefined;
  } catch {
    return undefined; // Nothing there yet, or not what this version writes: ask the kernel.
  }
}

function remember(file: string, output: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, JSON.stringify({ at: Date.now(), output }));
  renameSync(whole, file);
}

async function docker(engine: string, args: readonly string[], timeout: number): Promise<string> {
  const child = await x("docker", ["--host", engine, ...args], { timeout });
  if (child.exitCode === 0) return child.stdout;
  const end = child.exitCode === undefined ? "no answer in time" : `exit code ${child.exitCode}`;
  const said = child.stderr.trim().split("\n").at(-1) || end;
  throw new UserError(`kernel probe: docker ${args[0]} on ${engine}: ${said}`);
}

/**
 * Asks the kernel under the nodes, in one short-lived container of the node image, what the lab's networks can build
 * on; later calls cost one `docker info`. Throws UserError when the engine does not answer or cannot run the image.
 */
export async function probeKernel(request: KernelRequest): Promise<KernelProbe> {
  const { engine, image, report = () => {}, fresh = false } = request;
  const id = await docker(engine, ["info", "--format", "{{.ID}} {{.KernelVersion}}"], 30_000);
  const key = createHash("sha256").update(`${id.trim()} ${image}`).digest("hex").slice(0, 16);
  const file = join(cacheFolder(), `kernel-${key}.json`);
  const known = fresh ? undefined : remembered(file);
  if (known) return known;
  const started = performance.now();
  // With what nodes may do, and without a network. The client wants a seccomp profile as a file: Docker's own lets whoever
  // may mount do so.
  const allowed = NODE_SECURITY_OPTS.filter((each) => !each.startsWith("seccomp="));
  const options = [
    ...["--rm", "--network", "none", "--entrypoint", "timeout"],
    ...NODE_CAPABILITIES.adds.flatMap((each) => ["--cap-add", each]),
    ...allowed.flatMap((each) => ["--security-opt", each]),
  ];
  const run = ["run", ...options, image, "20", "sh", "-c", KERNEL_PROBE];
  const output = await docker(engine, run, 40_000);
  const probe = parseKernelProbe(output);
  remember(file, output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const lacks = Object.keys(probe.said);
  const found = lacks.length > 0 ? `lacks ${lacks.join(", ")}` : "has all that a lab can use";
  report(`kernel ${probe.release}: ${found} (${seconds} s)`);
  return probe;
}
